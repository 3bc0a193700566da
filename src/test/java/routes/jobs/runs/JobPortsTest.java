package routes.jobs.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.backup.postgres.restore.QuietRun;
import routes.jobs.Job;
import routes.jobs.Outcome;
import routes.jobs.Param;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.jobs.TestCatalogue;
import routes.jobs.ledger.Run;

/** What a job's port does with a run, and with anything else that is sent there. */
class JobPortsTest extends CamelTestSupport {

  record Request(@Param("what to say") String text) {}

  record Said(String headline) implements Outcome {}

  private Runs.Request queued;

  @Override
  protected RoutesBuilder createRouteBuilder() {
    Job<Request> job =
        Job.job("test.say", Request.class, "Says something")
            .plan(
                (request, run) -> new Plan(List.of(new Plan.Item("say", request.text(), "asked"))))
            .run((request, run) -> new Said(request.text() + " in attempt " + run.attempt()));
    JobPorts.Queue queue =
        request -> {
          queued = request;
          return run(request);
        };
    return new JobPorts(TestCatalogue.of(job), queue);
  }

  private static Run run(Runs.Request asked) {
    return new Run(
        new UUID(0, 9),
        asked.job(),
        "api",
        null,
        null,
        false,
        "queued",
        null,
        null,
        null,
        null,
        null,
        null,
        1,
        0,
        asked.requestedBy(),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private Exchange send(Object body, RunContext run) {
    return template.send(
        "direct:test.say",
        exchange -> {
          exchange.setProperty(RunContext.PROPERTY, run);
          exchange.getMessage().setBody(body);
        });
  }

  @Test
  void aRunDoesItsWork() {
    Exchange answer = send(new Request("hello"), new QuietRun(new UUID(0, 1), 2, false));
    assertThat(answer.getMessage().getBody()).isEqualTo(new Said("hello in attempt 2"));
    assertThat(queued).isNull();
  }

  @Test
  void aDryRunOnlyPlans() {
    Exchange answer = send(new Request("hello"), new QuietRun(new UUID(0, 1), 1, true));
    assertThat(answer.getMessage().getBody())
        .isEqualTo(new Plan(List.of(new Plan.Item("say", "hello", "asked"))));
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of(Map.of("text", "hello"), Map.of("text", "hello")),
        Arguments.of("{\"text\": \"hello\"}", Map.of("text", "hello")),
        Arguments.of("{\"text\": \"hello\"}".getBytes(), Map.of("text", "hello")),
        Arguments.of("", Map.of()),
        Arguments.of(null, Map.of()));
  }

  @ParameterizedTest(name = "body {0}")
  @MethodSource("bodies")
  void whatOtherRoutesSendQueuesARun(Object body, Map<String, Object> params) {
    Exchange answer = send(body, null);
    assertThat(answer.getException()).isNull();
    assertThat(answer.getMessage().getBody())
        .isEqualTo(Map.of("run", new UUID(0, 9).toString(), "job", "test.say", "state", "queued"));
    assertThat(queued)
        .isEqualTo(new Runs.Request("test.say", params, false, false, "route test.say", null));
  }

  @Test
  void aRepeatIsToldByItsKey() {
    template.sendBodyAndHeader("direct:test.say", "{}", "Idempotency-Key", "delivery-7");
    assertThat(queued.idempotencyKey()).isEqualTo("delivery-7");
    Exchange refused =
        template.send(
            "direct:test.say",
            exchange -> exchange.getMessage().setHeader("Idempotency-Key", "not a key"));
    assertThat(refused.getException()).hasMessageStartingWith("Idempotency-Key: must be 1 to 200");
  }

  @ParameterizedTest(name = "body {0}")
  @MethodSource("bodies")
  void aRunThatSendsParametersQueuesAnother(Object body, Map<String, Object> params) {
    send(body, new QuietRun(new UUID(0, 1), 1, false));
    assertThat(queued.params()).isEqualTo(params);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"[1]", "null", "{\"text\":", "text=hello", "{\"text\": 1, \"text\": 2}"})
  void whatIsNoJsonObjectIsRefused(String body) {
    Exception failure = send(body, null).getException();
    Throwable cause = failure instanceof CamelExecutionException ? failure.getCause() : failure;
    assertThat(cause)
        .hasMessageStartingWith("params: must be a JSON object of the job's parameters");
    assertThat(queued).isNull();
  }
}
