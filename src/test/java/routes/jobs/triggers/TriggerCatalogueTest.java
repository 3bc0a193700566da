package routes.jobs.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.jobs.TestCatalogue.names;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.Job;
import routes.jobs.OneOf;
import routes.jobs.Param;
import routes.jobs.TestCatalogue;
import routes.kernel.errors.NotFoundException;

/** What a declaration may say, and how a bad one is told. */
class TriggerCatalogueTest {

  private record Input(@Param("what to copy") @OneOf("test.sources") String source) {}

  private record Pair(
      @Param("what to copy") @OneOf("test.sources") String source,
      @Param("where") @OneOf("test.copies") @DefaultValue("") String copy) {}

  private static final Job<Input> JOB =
      Job.job("test.copy", Input.class, "Copies")
          .timeout(Duration.ofMinutes(7))
          .retries(3, Duration.ofSeconds(9));

  private final TriggerCatalogue catalogue =
      new TriggerCatalogue(
          TestCatalogue.of(JOB, names("test.sources", "source", List.of("main", "other"))));

  @Test
  void whatIsLeftOutIsTheJobs() {
    TriggerDefinition trigger = catalogue.read(values(Map.of())).get(0);

    assertThat(trigger.id()).isEqualTo("test.copy/nightly");
    assertThat(trigger.cron()).isEqualTo("0 0 2 * * ?");
    assertThat(trigger.zone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(trigger.params()).isEqualTo(Map.of("source", "main"));
    assertThat(trigger.overlap()).isEqualTo(TriggerDefinition.Overlap.FORBID);
    assertThat(trigger.misfire()).isEqualTo(TriggerDefinition.Misfire.LAST);
    assertThat(trigger.timeout()).isEqualTo(Duration.ofMinutes(7));
    assertThat(trigger.retries()).isEqualTo(3);
    assertThat(trigger.backoff()).isEqualTo(Duration.ofSeconds(9));
    assertThat(trigger.maxAge()).isNull();
  }

  @Test
  void whatIsSaidWins() {
    TriggerDefinition trigger =
        catalogue
            .read(
                values(
                    Map.of(
                        "overlap", "queue",
                        "misfire", "none",
                        "timeout", "90s",
                        "retries", "0",
                        "backoff", "1m",
                        "maxAge", "26h")))
            .get(0);

    assertThat(trigger.overlap()).isEqualTo(TriggerDefinition.Overlap.QUEUE);
    assertThat(trigger.misfire()).isEqualTo(TriggerDefinition.Misfire.NONE);
    assertThat(trigger.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(trigger.retries()).isZero();
    assertThat(trigger.backoff()).isEqualTo(Duration.ofMinutes(1));
    assertThat(trigger.maxAge()).isEqualTo(Duration.ofHours(26));
  }

  @Test
  void eachIsOneTriggerPerValue() {
    List<TriggerDefinition> triggers =
        catalogue.read(values(Map.of("name", "{value}-nightly", "each", "source", "params", "")));

    assertThat(triggers)
        .extracting(TriggerDefinition::id)
        .containsExactly("test.copy/main-nightly", "test.copy/other-nightly");
    assertThat(triggers.get(1).params()).isEqualTo(Map.of("source", "other"));
  }

  @Test
  void eachOfTwoParametersIsOneTriggerPerPair() {
    assertThat(
            pairs(List.of("near", "far"), List.of("main", "other"))
                .read(
                    values(
                        Map.of("name", "{value}-nightly", "each", "copy, source", "params", ""))))
        .extracting(TriggerDefinition::id)
        .containsExactly(
            "test.copy/near-main-nightly",
            "test.copy/near-other-nightly",
            "test.copy/far-main-nightly",
            "test.copy/far-other-nightly");
  }

  @Test
  void twoPairsOfOneIdAreRefusedAndBothAreNamed() {
    TriggerCatalogue pairs = pairs(List.of("nas", "nas-eu"), List.of("main", "eu-main"));
    Map<String, Object> values =
        values(Map.of("name", "{value}-copy-nightly", "each", "copy, source", "params", ""));

    assertThatThrownBy(() -> pairs.check("own", values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("trigger test.copy/nas-eu-main-copy-nightly: two of 'each'")
        .hasMessageContaining("{copy=nas, source=eu-main} and {copy=nas-eu, source=main}");
  }

  @Test
  void aScheduleOfTheSameNameOverAnotherEachIsRefused() {
    TriggerCatalogue pairs = pairs(List.of("near", "far"), List.of("main", "other"));
    pairs.check("first", values(Map.of("name", "{value}-nightly", "each", "source", "params", "")));

    assertThatThrownBy(
            () -> pairs.check("second", values(Map.of("name", "{value}-nightly", "each", "copy"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "schedule test.copy/{value}-nightly is there already, made by route first");
  }

  private static TriggerCatalogue pairs(List<String> copies, List<String> sources) {
    return new TriggerCatalogue(
        TestCatalogue.of(
            Job.job("test.copy", Pair.class, "Copies"),
            names("test.sources", "source", sources),
            names("test.copies", "copy", copies)));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          job     | no.such             | trigger no.such/nightly: job is 'no.such' but must be one of [test.copy]
          name    | Nightly Run         | trigger test.copy/Nightly Run: name is 'Nightly Run' but must be lower-case
          cron    | 0 2 * * *           | trigger test.copy/nightly: cron is '0 2 * * *' but must be a Quartz cron
          cron    | whenever            | trigger test.copy/nightly: cron is 'whenever' but must be a Quartz cron
          zone    | Mars/Olympus        | trigger test.copy/nightly: zone is 'Mars/Olympus' but must be a zone
          params  | source=main         | trigger test.copy/nightly: params is 'source=main' but must be a JSON object
          params  | ["main"]            | trigger test.copy/nightly: params is '["main"]' but must be a JSON object
          params  | {"source": "other", "source": "main"} | trigger test.copy/nightly: params is '{"source": "other", "source": "main"}' but must be a JSON object
          params  | {"source": "main"} {} | trigger test.copy/nightly: params is '{"source": "main"} {}' but must be a JSON object
          params  | null                | trigger test.copy/nightly: params is 'null' but must be a JSON object
          timeout | 9999999999999h      | trigger test.copy/nightly: timeout is '9999999999999h' but must be from 0s to 366d
          backoff | 367d                | trigger test.copy/nightly: backoff is '367d' but must be from 0s to 366d
          maxAge  | P400D               | trigger test.copy/nightly: maxAge is 'P400D' but must be from 0s to 366d
          cron    | 0 0 2 ? * 2#2,6     | trigger test.copy/nightly: cron is '0 0 2 ? * 2#2,6' but must be a Quartz cron such as '0 0 2 * * ?': "2#2,6" in the day of week: # cannot be combined with others
          params  | {}                  | trigger test.copy/nightly: params.source: is required
          params  | {"source": "elsewhere"} | trigger test.copy/nightly: params.source: there is no source 'elsewhere'; test.sources has main, other
          params  | {"sauce": "main"}   | trigger test.copy/nightly: params.sauce: is not a parameter of test.copy
          overlap | maybe               | trigger test.copy/nightly: overlap is 'maybe' but must be one of [forbid, queue, allow]
          misfire | some                | trigger test.copy/nightly: misfire is 'some' but must be one of [all, last, none]
          timeout | long                | trigger test.copy/nightly: timeout is 'long' but must be a duration
          timeout | 0s                  | trigger test.copy/nightly: timeout is '0s' but must be longer
          retries | -1                  | trigger test.copy/nightly: retries is '-1' but must be a whole number
          retries | many                | trigger test.copy/nightly: retries is 'many' but must be a whole number
          backoff | -1s                 | trigger test.copy/nightly: backoff is '-1s' but must be
          maxAge  | old                 | trigger test.copy/nightly: maxAge is 'old' but must be a duration
          each    | sauce               | trigger test.copy/nightly: each is 'sauce' but must be a parameter of test.copy
          timezone | Europe/Berlin      | trigger test.copy/nightly: timezone is not a parameter of a schedule; it takes [job, name, cron, zone,
          zone    | +25:00              | trigger test.copy/nightly: zone is '+25:00' but must be a zone
          zone    | Europe/berlin       | trigger test.copy/nightly: zone is 'Europe/berlin' but must be a zone
          zone    | " UTC"              | trigger test.copy/nightly: zone is ' UTC' but must be a zone
          zone    | ""                  | trigger test.copy/nightly: zone is '' but must be a zone
          cron    | ""                  | trigger test.copy/nightly: cron is '' but must be a Quartz cron
          each    | source              | trigger test.copy/nightly: name is 'nightly' but must be one that holds {value}
          """)
  void aBadValueNamesTriggerAndKey(String key, String value, String message) {
    assertThatThrownBy(() -> catalogue.read(values(Map.of(key, value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"0 0 2 31 6 ?", "0 0 2 30 2 ?", "0 0 2 29 2 ? 2027", "0 0 2 31W 4 ?"})
  void whatNeverComesIsRefused(String cron) {
    assertThatThrownBy(() -> catalogue.check("own", values(Map.of("cron", cron))))
        .hasMessageStartingWith(
            "trigger test.copy/nightly: cron is '" + cron + "' but must be one");
  }

  @Test
  void whoseLastTimeHasPassedIsTaken() {
    catalogue.check("own", values(Map.of("cron", "0 19 17 30 11 ? 2020")));
  }

  @Test
  void oneTriggerIsDeclaredOnce() {
    catalogue.check("first", values(Map.of()));

    assertThatThrownBy(() -> catalogue.check("second", values(Map.of())))
        .hasMessage("trigger test.copy/nightly is there already, made by route first");
  }

  @Test
  void anUnknownTriggerIsNotFound() {
    assertThatThrownBy(() -> catalogue.get("test.copy/never"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("test.copy/never");
  }

  /** As the template hands them over: what has a default is always there. */
  private static Map<String, Object> values(Map<String, String> given) {
    Map<String, Object> values = new HashMap<>();
    values.put("job", "test.copy");
    values.put("name", "nightly");
    values.put("cron", "0 0 2 * * ?");
    values.put("zone", "UTC");
    values.put("params", "{\"source\": \"main\"}");
    values.put("each", "");
    values.put("overlap", "forbid");
    values.put("misfire", "last");
    values.put("timeout", "");
    values.put("retries", "");
    values.put("backoff", "");
    values.put("maxAge", "");
    values.put("what", "");
    values.putAll(given);
    return values;
  }
}
