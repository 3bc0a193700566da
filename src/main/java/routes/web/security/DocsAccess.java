package routes.web.security;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How a browser shows a key for the page of the API, which it can send with no header of its own:
 * as the password of HTTP Basic. For reading the contract and its page, and for nothing else: a
 * browser sends such a password by itself, also with a request that another site makes it send.
 */
final class DocsAccess {

  static final String CHALLENGE = "Basic realm=\"any name, and an API key as the password\"";

  private static final String BASIC = "Basic ";

  private DocsAccess() {}

  static boolean isDocs(HttpServletRequest request) {
    String path = request.getRequestURI();
    return request.getMethod().equals("GET")
        && (path.equals("/api/docs")
            || path.startsWith("/api/docs/")
            || path.equals("/api/openapi.json"));
  }

  /** The password, or null. */
  static String key(String authorization) {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()),
              StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return null; // no key, and so nobody
    }
  }
}
