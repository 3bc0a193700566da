package routes.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import routes.Api;
import routes.HubTest;
import routes.web.operations.Operation;
import routes.web.operations.Operations;

/** Who may do what, each operation by each role. The table is written twice: here and in YAML. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class RolesTest extends HubTest {

  private static final Map<String, List<String>> LEAST =
      Map.of(
          "nobody",
          List.of("health"),
          "service",
          List.of(
              "redteam.ingest",
              "predictions.put",
              "predictions.putBatch",
              "predictions.lookup",
              "predictions.lookupBatch",
              "predictions.delete",
              "predictions.invalidate",
              "sessions.get",
              "sessions.put",
              "sessions.create",
              "sessions.touch",
              "sessions.list",
              "sessions.revoke",
              "sessions.delete",
              "notifications.publish"),
          "viewer",
          List.of(
              "openapi",
              "docs",
              "docs.file",
              "jobs.list",
              "jobs.get",
              "triggers.list",
              "triggers.get",
              "runs.list",
              "runs.get",
              "runs.log",
              "runs.events",
              "events",
              "tickets.create",
              "traces.list",
              "traces.get",
              "probes.list",
              "redis.memory",
              "snapshots.list",
              "snapshots.get",
              "snapshots.diff",
              "deliveries.list",
              "deliveries.get",
              "dead-letters.list"),
          "operator",
          List.of(
              "jobs.run",
              "snapshots.table",
              "snapshots.hold",
              "snapshots.release",
              "runs.cancel",
              "runs.cancelAll",
              "runs.retry",
              "triggers.pause",
              "triggers.resume",
              "triggers.backfill",
              "notifications.test",
              "deliveries.retry",
              "dead-letters.get",
              "dead-letters.edit",
              "dead-letters.replay",
              "dead-letters.replayAll",
              "dead-letters.discard"),
          "admin",
          List.of(
              "triggers.pauseAll",
              "triggers.resumeAll",
              "keys.list",
              "keys.create",
              "keys.revoke",
              "audit.list",
              "doctor"));
  private static final List<String> RANKS =
      List.of("nobody", "service", "viewer", "operator", "admin");

  @Autowired private Operations operations;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping mappings;

  private Map<String, Api> callers;

  @BeforeAll
  void keys() {
    callers =
        Map.of(
            "nobody", nobody(),
            "service", as("service"),
            "viewer", as("viewer"),
            "operator", as("operator"),
            "admin", as("admin"));
  }

  @AfterAll
  void switchOn() {
    assertThat(admin().post("/api/triggers/resume", null).status()).isEqualTo(200);
  }

  @Test
  void everyOperationIsInTheTable() {
    assertThat(operations.all().stream().map(Operation::id))
        .containsExactlyInAnyOrderElementsOf(
            LEAST.values().stream().flatMap(List::stream).toList());
  }

  @TestFactory
  Stream<DynamicTest> matrix() {
    return operations.all().stream()
        .flatMap(
            operation ->
                RANKS.stream()
                    .map(
                        rank ->
                            DynamicTest.dynamicTest(
                                operation.id() + " by " + rank, () -> ask(operation, rank))));
  }

  /** A controller as somebody may write one who forgets the role. */
  static class WithoutARole {
    @ResponseBody
    String answer() {
      return "anybody";
    }
  }

  @Test
  void whatSaysNoRoleAnswersNobody() throws Exception {
    Method method = WithoutARole.class.getDeclaredMethod("answer");
    RequestMappingInfo at =
        RequestMappingInfo.paths("/api/test/without-a-role")
            .methods(RequestMethod.GET)
            .options(mappings.getBuilderConfiguration())
            .build();
    mappings.registerMapping(at, new WithoutARole(), method);
    try {
      assertThat(admin().get("/api/test/without-a-role").status()).isEqualTo(404);
    } finally {
      mappings.unregisterMapping(at);
    }
  }

  private void ask(Operation operation, String rank) {
    String least =
        LEAST.entrySet().stream()
            .filter(e -> e.getValue().contains(operation.id()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(() -> new AssertionError("no rule for " + operation.id()));
    String path =
        operation
            .path()
            .replace("{id}", "00000000-0000-4000-8000-000000000000")
            .replace("{job}", "test.none")
            .replaceAll("\\{\\w+}", "none");
    if (operation.id().equals("events")) {
      path += "?severity=none"; // refused after the role was looked at: a stream would not end
    }
    Api caller = callers.get(rank);

    Api.Answer answer =
        caller.send(
            caller.request(
                operation.method(), path, operation.method().equals("POST") ? "{}" : null));

    boolean onlyLooks = rank.equals("viewer") && least.equals("service");
    if (RANKS.indexOf(rank) >= RANKS.indexOf(least) && !onlyLooks) {
      assertThat(answer.status()).as(answer.toString()).isNotIn(401, 403, 405, 415);
    } else {
      assertThat(answer.status()).isEqualTo(rank.equals("nobody") ? 401 : 403);
      assertThat(answer.mediaType()).isEqualTo("application/problem+json");
      assertThat(answer.text("/traceId")).matches("[0-9a-f]{32}");
    }
  }
}
