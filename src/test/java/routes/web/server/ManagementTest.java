package routes.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.Api;
import routes.HubTest;

/** Nothing but health answers without a key, on either port. */
class ManagementTest extends HubTest {

  @Test
  void healthSaysUpAndNothingMore() {
    Api.Answer answer = nobody().get("/health");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.http().body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(nobody().send(nobody().request("HEAD", "/health", null)).status()).isEqualTo(200);
  }

  @Test
  void healthTellsItsPartsToThoseWhoOperateAndNobodyElse() {
    List<Api> others =
        java.util.stream.Stream.of(null, key("service"), key("viewer"))
            .map(each -> new Api(managementPort, each))
            .toList();
    for (Api other : others) {
      for (String path : List.of("", "/readiness", "/liveness")) {
        assertThat(other.get("/actuator/health" + path).json().fieldNames())
            .toIterable()
            .as(path)
            .isSubsetOf("status", "groups")
            .contains("status");
      }
      for (String part : List.of("db", "diskSpace", "redis", "readiness/db")) {
        assertThat(other.get("/actuator/health/" + part).status()).as(part).isEqualTo(404);
      }
    }
    for (String role : List.of("operator", "admin")) {
      Api operator = new Api(managementPort, key(role));
      assertThat(operator.get("/actuator/health/readiness").text("/components/db/status"))
          .isEqualTo("UP");
      assertThat(operator.get("/actuator/health").json().at("/components/db").isMissingNode())
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator", "/actuator/prometheus", "/actuator/info"})
  void aServiceReadsNothingElseOfTheManagementPort(String path) {
    assertThat(new Api(managementPort, key("service")).get(path).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/actuator", "/actuator/prometheus", "/actuator/info", "/actuator/env", "/", "/x"})
  void theManagementPortWantsAKey(String path) {
    Api.Answer answer = new Api(managementPort, null).get(path);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(new Api(managementPort, "hub_wrong").get(path).status()).isEqualTo(401);
  }

  @Test
  void aViewerReadsMetricsAndChangesNothing() {
    Api viewer = new Api(managementPort, key("viewer"));

    assertThat(viewer.get("/actuator/prometheus").http().body()).contains("hub_job_runs_total");
    assertThat(viewer.get("/actuator/info").status()).isEqualTo(200);
    assertThat(viewer.get("/actuator/env").status()).as("not exposed").isEqualTo(404);
    assertThat(viewer.post("/actuator/info", "{}").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/index.html", "/api", "/api/openapi.json", "/error", "/actuator/health"})
  void theApisPortWantsAKey(String path) {
    assertThat(nobody().get(path).status()).isEqualTo(401);
    assertThat(nobody().post(path, "{}").status()).isEqualTo(401);
  }

  @Test
  void aRouteOfTheUsersOwnWantsAKeyAndStaysOutOfTheApi() {
    assertThat(nobody().get("/hooks/page").status()).isEqualTo(401);
    assertThat(as("viewer").get("/hooks/page").status()).isEqualTo(403);
    assertThat(as("operator").get("/hooks/page").http().body()).isEqualTo("a page");
    assertThat(as("viewer").post("/hooks/page", "{}").status()).isEqualTo(403);
    assertThat(as("operator").post("/hooks/page", "{}").status()).isEqualTo(200);
    Api.Answer intruder = admin().get("/api/intruder");
    assertThat(intruder.status()).isEqualTo(404);
    assertThat(intruder.mediaType()).isEqualTo("application/problem+json");
    assertThat(admin().post("/api/intruder", "{}").status()).isEqualTo(404);
  }
}
