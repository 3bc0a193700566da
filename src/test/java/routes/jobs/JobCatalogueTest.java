package routes.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.jobs.TestCatalogue.names;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.kernel.errors.InvalidInputException;

/** What a job's record says of its parameters, and what callers may give for them. */
class JobCatalogueTest {

  /** What may happen to a colour. */
  enum Tone {
    LIGHT,
    VERY_DARK
  }

  record Request(
      @Param("the database's name") @OneOf("test.sources") String source,
      @Param("how much of it") @DefaultValue("100") @Min(1) @Max(100) int share,
      @Param("how long") Optional<Duration> patience,
      @Param("from when") Optional<Instant> since,
      @Param("all of it") @DefaultValue("false") boolean all,
      @Param("how dark") @DefaultValue("very-dark") Tone tone,
      @Param("a copy's name") @OneOf("test.copies") @DefaultValue("") String copy,
      @Param("a word") @DefaultValue("x") @Pattern(regexp = "[a-z]+", message = "must be a word")
          String word) {}

  private static final Job<Request> JOB = Job.job("test.read", Request.class, "Reads");

  private static JobCatalogue catalogue(String... sources) {
    return TestCatalogue.of(
        JOB,
        names("test.sources", "source", List.of(sources)),
        names("test.copies", "copy", List.of()));
  }

  private static Object request(Map<String, Object> given) {
    JobCatalogue catalogue = catalogue("main", "other");
    return catalogue.request(JOB, catalogue.read(JOB, given));
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(request(Map.of("source", "main")))
        .isEqualTo(
            new Request(
                "main", 100, Optional.empty(), Optional.empty(), false, Tone.VERY_DARK, "", "x"));
  }

  @Test
  void aCommandLinesTextAndJsonAreReadAlike() {
    Request wanted =
        new Request(
            "other",
            7,
            Optional.of(Duration.ofMinutes(15)),
            Optional.of(Instant.parse("2026-01-31T02:00:00Z")),
            true,
            Tone.LIGHT,
            "",
            "word");
    Map<String, Object> given =
        new HashMap<>(
            Map.of(
                "source", "other",
                "patience", "15m",
                "since", "2026-01-31T02:00:00Z",
                "tone", "light",
                "copy", "",
                "word", "word"));
    assertThat(request(with(given, Map.of("share", 7, "all", true)))).isEqualTo(wanted);
    assertThat(request(with(given, Map.of("share", "7", "all", "true")))).isEqualTo(wanted);
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      textBlock =
          """
          source   | null      | params.source: is required: the database's name; test.sources has main, other
          source   | ''        | params.source: is required: the database's name; test.sources has main, other
          source   | nope      | params.source: there is no source 'nope'; test.sources has main, other
          source   | 7         | params.source: must be a string
          copy     | far       | params.copy: there is no copy 'far': no test.copies.<name> is configured
          share    | seven     | params.share: must be a whole number
          share    | 7.0       | params.share: must be a whole number
          share    | 0         | params.share: must be 1 or more
          share    | 101       | params.share: must be 100 or less
          share    | 99999999999 | params.share: must be a whole number
          all      | yes       | params.all: must be true or false
          all      | 1         | params.all: must be true or false
          patience | soon      | params.patience: must be a duration such as 90d, 1m or PT12H
          since    | yesterday | params.since: must be an instant such as 2026-01-31T02:00:00Z, in the years 1 to 9999
          tone     | DARK      | params.tone: must be one of light, very-dark
          word     | Word      | params.word: must be a word
          lots     | 1         | params.lots: is not a parameter of test.read; it takes source, share, patience, since, all, tone, copy, word
          """)
  void aWrongValueIsRefusedByName(String name, String text, String error) {
    Map<String, Object> given = new HashMap<>(Map.of("source", "main"));
    // A number in JSON, where it reads as one.
    given.put(name, text != null && text.matches("[0-9.]+") ? number(text) : text);

    assertThatThrownBy(() -> request(given))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(error);
  }

  private static Object number(String text) {
    return text.contains(".") ? (Object) Double.valueOf(text) : Long.valueOf(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "LONG"})
  void whatNoStoreTakesIsRefused(String text) {
    String given = text.equals("LONG") ? "x".repeat(1_001) : text;
    assertThatThrownBy(() -> request(Map.of("source", "main", "word", given)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("params.word: is longer than 1000 characters, or has a NUL character");
  }

  @Test
  void aListIsNoValue() {
    assertThatThrownBy(() -> request(Map.of("source", List.of("main"))))
        .hasMessage("params.source: must be a string");
    assertThatThrownBy(() -> request(Map.of("source", "main", "share", Map.of())))
        .hasMessage("params.share: must be an integer");
  }

  @Test
  void whereNothingIsConfiguredNoNameIsRight() {
    JobCatalogue none = catalogue();
    assertThatThrownBy(() -> none.read(JOB, Map.of("source", "nope")))
        .hasMessage(
            "params.source: there is no source 'nope': no test.sources.<name> is configured");
    assertThatThrownBy(() -> none.read(JOB, Map.of()))
        .hasMessage(
            "params.source: is required: the database's name; no test.sources.<name> is configured");
  }

  @Test
  void theLedgerKeepsWhatJsonHas() {
    Map<String, Object> read =
        catalogue("main").read(JOB, Map.of("source", "main", "patience", "15m", "share", "7"));
    assertThat(read)
        .containsEntry("share", 7)
        .containsEntry("patience", "PT15M")
        .containsEntry("all", false)
        .containsEntry("tone", "very-dark")
        .containsEntry("since", null);
  }

  @Test
  void aRunThatAnOlderHubQueuedHasTheDefaultOfWhatItDidNotKnow() {
    assertThat(catalogue("main").request(JOB, Map.of("source", "main")))
        .extracting("share", "copy")
        .containsExactly(100, "");
  }

  @Test
  void aRunOfASourceThatIsGoneSaysSo() {
    JobCatalogue later = catalogue("other");
    assertThatThrownBy(() -> later.request(JOB, Map.of("source", "main")))
        .hasMessage("params.source: there is no source 'main'; test.sources has other");
  }

  record Undescribed(String source) {}

  record WrongDefault(@Param("how much") @DefaultValue("all") int share) {}

  record WrongNames(@Param("which") @OneOf("test.nowhere") String source) {}

  @Test
  void aWrongDeclarationIsFoundAtTheStart() {
    assertThatThrownBy(() -> Job.job("test.a", Undescribed.class, "Is wrong"))
        .hasMessageEndingWith("Undescribed.source has no @Param, which says what it is");
    assertThatThrownBy(() -> Job.job("test.b", WrongDefault.class, "Is wrong"))
        .hasMessage("params.share: must be a whole number");
    assertThatThrownBy(() -> Job.job("Test", Request.class, "Is wrong"))
        .hasMessage("job id 'Test' is not of the form feature.verb");
    Job<WrongNames> names = Job.job("test.c", WrongNames.class, "Is wrong");
    assertThatThrownBy(() -> TestCatalogue.of(names).all())
        .hasMessage("test.c: parameter source is one of test.nowhere, which nothing declares");
  }
}
