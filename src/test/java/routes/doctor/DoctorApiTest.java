package routes.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import routes.HubTest;

/** {@code GET /api/doctor}: a hub that runs looks at what it runs with. */
class DoctorApiTest extends HubTest {

  @Autowired private Environment environment;

  @Test
  void aHubThatRunsLooksAtWhatItRunsWith() {
    JsonNode told = admin().get("/api/doctor").json();

    assertThat(told.path("items"))
        .extracting(item -> item.path("what").asText())
        .contains("configuration", "java", "hub.database", "spring.data.redis", "hub.s3");
    for (JsonNode item : told.path("items")) {
      if (item.path("what").asText().matches("hub.database|spring.data.redis|hub.s3")) {
        assertThat(item.path("level").asText()).as(item.toString()).isEqualTo("ok");
      }
    }
    assertThat(told.path("lines").size()).isEqualTo(told.path("items").size());
    assertThat(told.path("summary").asText()).endsWith(told.path("failed").asText() + " failed");
    assertThat(told.toString())
        .doesNotContain(environment.getRequiredProperty("hub.database.password"));
    assertThat(nobody().get("/health").status()).as("the hub goes on").isEqualTo(200);
  }

  @Test
  void itIsForAdministrators() {
    assertThat(as("operator").get("/api/doctor").status()).isEqualTo(403);
    assertThat(nobody().get("/api/doctor").status()).isEqualTo(401);
  }
}
