package routes.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import routes.backup.BackupJobs;
import routes.backup.config.Sources;

/** {@code hub.retention.*}: what is said, and what the defaults come to. */
class RetentionPropertiesTest {

  private static RetentionProperties bound(Map<String, String> values) {
    return new Binder(
            List.of(new MapConfigurationPropertySource(values)),
            null,
            ApplicationConversionService.getSharedInstance())
        .bindOrCreate("hub.retention", Bindable.of(RetentionProperties.class));
  }

  @Test
  void theDefaultsAreThoseOfTheApplicationYaml() throws IOException {
    StandardEnvironment environment = new StandardEnvironment();
    new YamlPropertySourceLoader()
        .load("yaml", new ClassPathResource("application.yaml"))
        .forEach(environment.getPropertySources()::addFirst);
    RetentionProperties written =
        new Binder(
                ConfigurationPropertySources.get(environment),
                null,
                ApplicationConversionService.getSharedInstance())
            .bind("hub.retention", Bindable.of(RetentionProperties.class))
            .get();

    assertThat(written).isEqualTo(bound(Map.of()));
  }

  @Test
  void aSourceDiffersInWhatItSays() {
    RetentionProperties properties =
        bound(
            Map.of(
                "hub.retention.keep-daily", "5",
                "hub.retention.sources.shop.keep-within", "30d",
                "hub.retention.sources.shop.zone", "Europe/Berlin"));

    Policy shop = properties.policy("shop");
    assertThat(shop.within()).isEqualTo(Duration.ofDays(30));
    assertThat(shop.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(shop.daily()).isEqualTo(5);
    assertThat(properties.policy("other").within()).isEqualTo(Duration.ofDays(3));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "hub.retention.keep-last,                0,   hub.retention: keep-last",
    "hub.retention.min-verified,             0,   hub.retention: keep-last and min-verified",
    "hub.retention.keep-daily,               -1,  hub.retention: keep-hourly",
    "hub.retention.shrink-limit,             1.1, hub.retention: shrink-limit",
    "hub.retention.sweep-grace,              -1s, hub.retention.sweep-grace",
    "hub.retention.sources.shop.keep-within, -1d, hub.retention.sources.shop: keep-within",
  })
  void aWrongValueIsNamed(String key, String value, String named) {
    assertThatThrownBy(() -> bound(Map.of(key, value))).rootCause().hasMessageStartingWith(named);
  }

  @Test
  void aSourceThatThereIsNotIsNamed() {
    RetentionProperties properties = bound(Map.of("hub.retention.sources.shpo.keep-daily", "30"));

    assertThatThrownBy(
            () ->
                new BackupJobs()
                    .retentionSnapshots(new Sources(Map.of(), Map.of()), properties, null))
        .hasMessage("hub.retention.sources.shpo: there is no hub.sources.shpo");
  }

  /** A backup at 02:00, its drill, retention at 05:30, each day for three years and a bit. */
  private static List<Decision> afterYears(Policy policy) {
    LocalDate end = LocalDate.parse("2026-11-22");
    List<SnapshotFacts> there = new ArrayList<>();
    List<Decision> decided = List.of();
    for (LocalDate day = end.minusDays(1200); !day.isAfter(end); day = day.plusDays(1)) {
      Instant taken = day.atTime(2, 0).toInstant(ZoneOffset.UTC);
      there.add(
          new SnapshotFacts(
              day.toString(), taken, Proof.VERIFIED, false, false, OptionalLong.of(1)));
      decided = Planner.plan(there, policy, taken.plus(Duration.ofMinutes(210))).decisions();
      there.clear();
      decided.stream().filter(Decision::keep).forEach(kept -> there.add(kept.snapshot()));
    }
    return decided.stream().filter(Decision::keep).toList();
  }

  @Test
  void theDefaultsKeepWhatTheOperationsPageSays() throws IOException {
    List<Decision> kept = afterYears(bound(Map.of()).policy("main"));
    Map<Rule, List<String>> byRule = new TreeMap<>();
    for (Decision decision : kept) {
      decision
          .reasons()
          .forEach(
              reason ->
                  byRule
                      .computeIfAbsent(reason.rule(), rule -> new ArrayList<>())
                      .add(decision.snapshot().id()));
    }
    List<String> table = new ArrayList<>();
    byRule.forEach(
        (rule, days) ->
            table.add(
                "| "
                    + rule.name().toLowerCase(java.util.Locale.ROOT)
                    + " | "
                    + days.size()
                    + " | "
                    + (days.size() > 5
                        ? days.get(0) + ", " + days.get(1) + " … " + days.get(days.size() - 1)
                        : String.join(", ", days))
                    + " |"));
    table.add("| **in all** | **" + kept.size() + "** | |");

    assertThat(Files.readString(Path.of("docs/operations.md"))).contains(String.join("\n", table));
  }
}
