package routes.kernel.http;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/** Asks a server that the configuration names, wherever it is, by {@link BoundedHttp}. */
@Component
public class ConfiguredHttp implements DisposableBean {

  private final BoundedHttp http;

  ConfiguredHttp(SslBundles bundles) {
    this.http = new BoundedHttp(bundles, null);
  }

  /**
   * What came back.
   *
   * @param body at most as many bytes as were asked for
   * @param cut there was more
   */
  public record Answer(int status, byte[] body, boolean cut) {}

  /**
   * @param limit of the whole exchange
   * @param most bytes of the body that are read
   * @throws IOException no answer, or none in time; the message says which, in words
   */
  public Answer get(URI uri, Duration limit, int most) throws IOException, InterruptedException {
    return send(new HttpGet(uri), limit, most);
  }

  /**
   * POSTs JSON.
   *
   * @param authorization header of that name, or null
   * @param limit of the whole exchange
   * @param most bytes of the answer's body that are read
   * @throws IOException no answer, or none in time; the message says which, in words
   */
  public Answer post(URI uri, String authorization, String json, Duration limit, int most)
      throws IOException, InterruptedException {
    HttpPost request = new HttpPost(uri);
    request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    return send(request, limit, most);
  }

  private Answer send(HttpUriRequestBase request, Duration limit, int most)
      throws IOException, InterruptedException {
    BoundedHttp.Answer answer;
    try {
      answer = http.send(request, limit, most);
    } catch (UnknownHostException | java.net.ConnectException | ConnectTimeoutException e) {
      throw new IOException("no connection", e);
    }
    if (answer.ending() == BoundedHttp.Ending.BROKEN) {
      throw new IOException("the answer broke off before its end");
    }
    return new Answer(answer.status(), answer.body(), answer.ending() == BoundedHttp.Ending.CUT);
  }

  @Override
  public void destroy() throws IOException {
    http.close();
  }
}
