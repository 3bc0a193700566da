package routes.kernel.http;

import java.net.URI;

/** Addresses of web servers, as a configuration may name them. */
public final class HttpUrls {

  private HttpUrls() {}

  /** Whether it is http or https with a host, and without a user and a fragment. */
  public static boolean isPlain(String url) {
    try {
      URI uri = URI.create(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
