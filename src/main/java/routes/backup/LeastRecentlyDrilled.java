package routes.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import routes.repository.Repository;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.SnapshotInfo;

/**
 * Which snapshot a sample is taken of: the one whose last drill is longest ago, one that was never
 * drilled before all others, the newer of two alike. Drilled again and again, every kept snapshot
 * has its turn.
 */
final class LeastRecentlyDrilled {

  /** What a request says in place of an id. */
  static final String NAME = "stalest";

  private LeastRecentlyDrilled() {}

  static Optional<SnapshotInfo> of(Repository repository, String source) {
    // Newest first, and min() takes the first of equals.
    return repository.list(source).stream()
        .min(Comparator.comparing(snapshot -> lastDrill(repository, snapshot)));
  }

  private static Instant lastDrill(Repository repository, SnapshotInfo snapshot) {
    try {
      return repository.drills(snapshot.source(), snapshot.id()).values().stream()
          // One that was only read again waits for its drill.
          .filter(record -> !record.path("intact").asBoolean())
          .map(LeastRecentlyDrilled::at)
          .max(Comparator.naturalOrder())
          .orElse(Instant.MIN);
    } catch (CorruptManifestException e) {
      return Instant.MIN; // a record that cannot be read proves nothing
    }
  }

  private static Instant at(JsonNode drill) {
    try {
      return Instant.parse(drill.path("at").asText());
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }
}
