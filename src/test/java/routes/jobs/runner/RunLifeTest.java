package routes.jobs.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.HubTest;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.kernel.errors.ConflictException;
import routes.kernel.errors.InvalidInputException;

/** A run from the wish to its written end, through the runner, Camel and the error policy. */
class RunLifeTest extends HubTest {

  @Test
  void succeedsWithWhatItsPortAnswered() {
    Run asked = submit("test.echo", Map.of("text", "hello", "count", "2"));
    assertThat(asked.state()).isIn("queued", "running", "succeeded");

    Run run = ended(asked.id());

    assertThat(run.state()).isEqualTo("succeeded");
    assertThat(run.headline()).isEqualTo("said hello");
    assertThat(run.summary().get("text").asText()).isEqualTo("hello");
    assertThat(run.summary().get("count").asLong()).isEqualTo(2);
    assertThat(run.summary().has("headline")).isFalse();
    assertThat(run.progress().get("unit").asText()).isEqualTo("words");
    assertThat(run.error()).isNull();
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.traceId()).matches("[0-9a-f]{32}");
    assertThat(run.hub()).isNull();
    assertThat(run.startedAt()).isBetween(run.queuedAt(), run.finishedAt());
    assertThat(log(run.id()))
        .containsExactly(
            "INFO begins: asked for by test", "INFO saying hello", "INFO succeeded: said hello");
  }

  @Test
  void dryRunLeavesItsPlan() {
    Run run =
        ended(
            runs.submit(
                    new Runs.Request("test.echo", Map.of("text", "x"), true, false, "test", null))
                .id());

    assertThat(run.state()).isEqualTo("succeeded");
    assertThat(run.headline()).isEqualTo("plan: 1 step, nothing changed");
    assertThat(run.summary().at("/items/0/reason").asText()).isEqualTo("it was asked for");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permanent | role hub may not read table t: GRANT it
          error     | too deep
          nothing   | the port direct:test.fail answered no outcome
          """)
  void failsAtOnceWhenNoRepeatHeals(String how, String detail) {
    Run run = ended(submit("test.fail", Map.of("how", how)).id());

    assertThat(run.state()).isEqualTo("failed");
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.retriesLeft()).isEqualTo(2);
    assertThat(run.headline()).endsWith(detail);
    assertThat(run.error().get("detail").asText()).endsWith(detail);
    assertThat(run.summary()).isNull();
    assertThat(log(run.id())).anyMatch(line -> line.startsWith("ERROR ") && line.endsWith(detail));
  }

  @Test
  void waitsLongerBeforeEachAttemptAndFailsAfterTheLast() {
    UUID id = submit("test.fail", Map.of("how", "heals")).id();

    Run first = attempted(id, 1);
    assertThat(first.retriesLeft()).isEqualTo(1);
    assertThat(first.headline()).isEqualTo("attempt 1 failed, next in 2400 s");
    assertThat(first.error().get("detail").asText()).isEqualTo("the line was cut");
    assertThat(first.notBefore())
        .isCloseTo(now().plus(40, ChronoUnit.MINUTES), within(1, ChronoUnit.MINUTES));
    makeDue(id);

    Run second = attempted(id, 2);
    assertThat(second.retriesLeft()).isZero();
    assertThat(second.notBefore()) // doubled, but an hour at most
        .isCloseTo(now().plus(60, ChronoUnit.MINUTES), within(1, ChronoUnit.MINUTES));
    makeDue(id);

    Run last = ended(id);
    assertThat(last.state()).isEqualTo("failed");
    assertThat(last.attempt()).isEqualTo(3);
    assertThat(last.headline()).isEqualTo("the line was cut");
  }

  @Test
  void cancelStopsWhatTheRunRegistered() {
    UUID id = submit("test.wait", Map.of("name", "a")).id();
    in("running", id);
    int before = jobs.stops("a");

    runs.cancel(id, "ops");
    Throwable second = catchThrowable(() -> runs.cancel(id, "somebody later"));

    Run run = ended(id);
    assertThat(run.state()).isEqualTo("cancelled");
    assertThat(run.headline()).isEqualTo("cancelled by ops");
    if (second != null) { // it came when the run had ended already
      assertThat(second)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("has ended already");
    }
    assertThat(jobs.stops("a")).isEqualTo(before + 1);
    assertThatThrownBy(() -> runs.cancel(id, "ops"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("has ended already: cancelled");
  }

  @Test
  void cancelEndsWhatHasNotBegun() {
    UUID id = submit("test.fail", Map.of("how", "heals")).id();
    attempted(id, 1);

    runs.cancel(id, "ops");

    assertThat(ended(id).state()).isEqualTo("cancelled");
    assertThat(runs.get(id).attempt()).isEqualTo(1);
  }

  @Test
  void timesOut() {
    Run run = ended(submit("test.slow", Map.of("name", "slow")).id());

    assertThat(run.state()).isEqualTo("failed");
    assertThat(run.headline()).startsWith("took longer than its timeout of");
    assertThat(jobs.stops("slow")).isEqualTo(1);
  }

  @Test
  void runsWithOneExclusiveKeyFollowEachOther() {
    UUID first = submit("test.wait", Map.of("name", "b")).id();
    in("running", first);
    UUID second = submit("test.wait", Map.of("name", "b")).id();
    UUID other = submit("test.wait", Map.of("name", "c")).id();
    in("running", other); // claimed after the second, which must have been passed over

    assertThat(runs.get(second).state()).isEqualTo("queued");
    assertThatThrownBy(
            () ->
                runs.submit(
                    new Runs.Request("test.wait", Map.of("name", "b"), false, false, "test", null)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(first.toString())
        .hasMessageContaining("overlap=queue");

    jobs.release("b");
    assertThat(ended(first).state()).isEqualTo("succeeded");
    in("running", second);
    jobs.release("b");
    jobs.release("c");
    assertThat(ended(second).state()).isEqualTo("succeeded");
    assertThat(ended(other).state()).isEqualTo("succeeded");
    assertThat(runs.get(second).startedAt()).isAfterOrEqualTo(runs.get(first).finishedAt());
  }

  @Test
  void anOwnerThatLostItsLeaseStopsAndWritesNothing() {
    UUID id = submit("test.wait", Map.of("name", "d")).id();
    in("running", id);
    int before = jobs.stops("d");
    jdbc.sql(
            """
            UPDATE hub.job_run SET fence = nextval('hub.fence'), lease_owner = 'another',
              lease_until = now() + interval '1 hour' WHERE id = :id""")
        .param("id", id)
        .update();

    await().atMost(PATIENCE).until(() -> jobs.stops("d") > before);

    ended(submit("test.echo", Map.of("text", "after")).id());
    Run run = runs.get(id);
    assertThat(run.state()).isEqualTo("running");
    assertThat(run.hub()).isEqualTo("another");
    assertThat(log(id)).containsExactly("INFO begins: asked for by test");
    jdbc.sql("UPDATE hub.job_run SET lease_until = now(), cancel_asked_at = now() WHERE id = :id")
        .param("id", id)
        .update();
    assertThat(ended(id).state()).isEqualTo("cancelled");
  }

  @Test
  void aRepeatedIdempotencyKeyAnswersTheFirstRun() {
    var request =
        new Runs.Request("test.echo", Map.of("text", "once"), false, false, "test", "k-1");
    Run first = runs.submit(request);

    assertThat(runs.submit(request).id()).isEqualTo(first.id());
    assertThatThrownBy(
            () ->
                runs.submit(
                    new Runs.Request(
                        "test.echo", Map.of("text", "twice"), false, false, "test", "k-1")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Idempotency-Key");
    // Another caller's key of the same name is another key.
    assertThat(
            runs.submit(
                    new Runs.Request(
                        "test.echo", Map.of("text", "twice"), false, true, "another", "k-1"))
                .id())
        .isNotEqualTo(first.id());
  }

  @Test
  void aRetryIsANewRunWithTheSameParameters() {
    UUID failed = submit("test.fail", Map.of("how", "permanent")).id();
    ended(failed);

    Run again = runs.retry(failed, "ops");

    assertThat(again.id()).isNotEqualTo(failed);
    assertThat(again.replayOf()).isEqualTo(failed);
    assertThat(again.triggerKind()).isEqualTo("replay");
    assertThat(again.params().get("how").asText()).isEqualTo("permanent");
    assertThat(ended(again.id()).state()).isEqualTo("failed");
  }

  @Test
  void aSuccessIsNotRetried() {
    UUID done = submit("test.echo", Map.of("text", "done")).id();
    ended(done);

    assertThatThrownBy(() -> runs.retry(done, "ops"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("succeeded");
  }

  private List<String> log(UUID id) {
    return runs.log(id, 0, 100).stream().map(line -> line.level() + " " + line.message()).toList();
  }

  /** Waits until an attempt has failed and the run is queued again. */
  private Run attempted(UUID id, int attempt) {
    return await()
        .atMost(PATIENCE)
        .until(() -> runs.get(id), r -> r.state().equals("queued") && r.attempt() == attempt);
  }

  private void makeDue(UUID id) {
    jdbc.sql("UPDATE hub.job_run SET not_before = now() WHERE id = :id").param("id", id).update();
  }

  private Instant now() {
    return jdbc.sql("SELECT now()").query(java.sql.Timestamp.class).single().toInstant();
  }
}
