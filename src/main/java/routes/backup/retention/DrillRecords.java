package routes.backup.retention;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What the records beside a snapshot, in its {@code drill/}, come to. Pure. There are four: a drill
 * restored it equal; a drill did not; somebody found chunks damaged or missing, the drill, too; and
 * every chunk was read and right again after that.
 */
public final class DrillRecords {

  /** Of two of one time, the one that found something. */
  private static final Comparator<JsonNode> OLDEST_FIRST =
      Comparator.comparing(RetentionFacts::at)
          .thenComparing(record -> isVerified(record) || isHealed(record) ? 0 : 1);

  private final List<JsonNode> records;

  public DrillRecords(Collection<JsonNode> records) {
    this.records = records.stream().sorted(OLDEST_FIRST).toList();
  }

  /** The newest counts; what a drill found unequal, only an equal drill takes back. */
  public Proof proof() {
    Proof proof = Proof.UNPROVEN;
    boolean unequal = false;
    for (JsonNode record : records) {
      if (isVerified(record)) {
        proof = Proof.VERIFIED;
        unequal = false;
      } else if (!isHealed(record)) {
        proof = Proof.DAMAGED;
        unequal |= !isDamage(record);
      } else if (proof == Proof.DAMAGED && !unequal) {
        proof = Proof.UNPROVEN;
      }
    }
    return proof;
  }

  private static boolean isVerified(JsonNode record) {
    return record.path("verified").asBoolean();
  }

  private static boolean isHealed(JsonNode record) {
    return record.path("intact").asBoolean();
  }

  /** Only a drill counts rows, and it names the chunk if one was the reason. */
  private static boolean isDamage(JsonNode record) {
    return !record.has("rows") || record.has("chunk");
  }
}
