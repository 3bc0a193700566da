package routes.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may go from a copy, beside the rules that hold everywhere. */
class CopyLimitsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Policy ONE =
      new Policy(Duration.ZERO, 1, 0, 0, 0, 0, 0, 1, 0, ZoneOffset.UTC);

  /** In both columns: ages in hours; a letter says what is proven there, v, u or d. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          what neither has a use for goes        | 8v 32v 56v     | 8        | 56 32 |
          what the repository has stays          | 8v 32v 56v     | 8 56     | 32    |
          one that was not sent yet is not a reason | 32v 56v        | 8 32     | 56    |
          one that had its night is              | 56v 80v        | 8 32     |       | snapshot 32 of the repository is not in the copy
          a repository that is gone removes none | 8v 32v 56v     |          |       | the repository itself has no snapshot of the source
          an unproven newest removes none        | 8u 32v 56v     | 8        |       | the newest snapshot in the copy, 8, is not proven there
          what the rules refuse stays refused    | 8u 32u 56u     | 8        |       | no drill has proven any snapshot
          an empty copy is not a reason to refuse   |                | 8        |       |
          """)
  void narrows(String name, String there, String here, String removed, String refusal) {
    List<SnapshotFacts> copy = new ArrayList<>();
    for (String one : words(there)) {
      String age = one.substring(0, one.length() - 1);
      Proof proof = one.endsWith("v") ? Proof.VERIFIED : Proof.UNPROVEN;
      copy.add(new SnapshotFacts(age, taken(age), proof, false, false, OptionalLong.of(1)));
    }
    Map<String, Instant> originals = new HashMap<>();
    words(here).forEach(age -> originals.put(age, taken(age)));

    RetentionPlan plan = CopyLimits.narrowed(Planner.plan(copy, ONE, NOW), originals, NOW);

    assertThat(plan.refusal().orElse(null)).isEqualTo(refusal);
    assertThat(plan.removals()).extracting(d -> d.snapshot().id()).isEqualTo(words(removed));
    assertThat(plan.decisions()).hasSameSizeAs(copy).allMatch(d -> !d.reasons().isEmpty());
  }

  private static Instant taken(String hours) {
    return NOW.minus(Duration.ofHours(Long.parseLong(hours)));
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }
}
