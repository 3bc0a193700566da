package routes.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import routes.Api;
import routes.HubTest;

/** The contract as a page, as a browser asks for it. */
class DocsPageTest extends HubTest {

  private static String basic(String password) {
    return "Basic "
        + Base64.getEncoder().encodeToString(("me:" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBrowserIsAskedForAKeyAndGetsThePageWithAllItsParts() {
    Api.Answer asked = nobody().get("/api/docs");
    assertThat(asked.status()).isEqualTo(401);
    assertThat(asked.header("WWW-Authenticate")).startsWith("Basic realm=");

    String key = basic(key("viewer"));
    Api.Answer page = nobody().get("/api/docs", "Authorization", key);
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    assertThat(page.mediaType()).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy")).contains("script-src 'self'");
    var parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.http().body());
    int count = 0;
    for (; parts.find(); count++) {
      Api.Answer part = nobody().get(parts.group(1), "Authorization", key);
      assertThat(part.status()).as(parts.group(1)).isEqualTo(200);
      assertThat(part.http().body()).isNotBlank();
    }
    assertThat(count).isEqualTo(3);
    assertThat(nobody().get("/api/openapi.json", "Authorization", key).status()).isEqualTo(200);
  }

  @Test
  void aPasswordOpensNothingElse() {
    String key = basic(key("admin"));

    assertThat(nobody().get("/api/runs", "Authorization", key).status()).isEqualTo(401);
    assertThat(nobody().post("/api/docs", "{}", "Authorization", key).status()).isEqualTo(401);
    assertThat(nobody().get("/api/docs", "Authorization", basic("hub_wrong")).status())
        .isEqualTo(401);
    assertThat(nobody().get("/api/docs", "Authorization", "Basic %%%").status()).isEqualTo(401);
    assertThat(admin().get("/api/docs/..%2fsecret").status()).isEqualTo(400);
    assertThat(admin().get("/api/docs/other.js").status()).isEqualTo(404);
    assertThat(admin().get("/api/runs").header("Content-Security-Policy"))
        .isEqualTo("default-src 'none'; frame-ancestors 'none'");
  }
}
