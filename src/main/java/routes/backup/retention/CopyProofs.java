package routes.backup.retention;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Optional;
import routes.backup.catalogue.CopyFindings;
import routes.repository.Repository;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.SnapshotId;

/**
 * What is proven of a snapshot in a copy. Its bytes must have been read there, all of them, and
 * found right since they were last found wrong; and a drill must have found every row equal: there,
 * or of the same snapshot in the repository, which has the same bytes by their names.
 *
 * <p>What a drill of the repository found broken says nothing here: the copy may be the one that is
 * whole.
 */
record CopyProofs(Repository copy, Repository original) implements RetentionFacts.Proofs {

  @Override
  public Proof of(String source, SnapshotId id) {
    Optional<JsonNode> newest;
    try {
      newest =
          copy.foundHere(source, id).values().stream()
              .max(
                  Comparator.comparing(RetentionFacts::at)
                      .thenComparing(found -> !found.path("right").asBoolean()));
    } catch (CorruptManifestException e) {
      return Proof.UNPROVEN;
    }
    if (newest.isEmpty()) {
      return Proof.UNPROVEN;
    }
    boolean drill = newest.get().path("how").asText().equals(CopyFindings.DRILL);
    if (newest.get().path("right").asBoolean()) {
      return drill || wasDrilled(source, id) ? Proof.VERIFIED : Proof.UNPROVEN;
    }
    // Damaged bytes are marked, and the marks go when the next copy sends them again.
    return newest.get().path("bytes").asBoolean() ? Proof.UNPROVEN : Proof.DAMAGED;
  }

  private boolean wasDrilled(String source, SnapshotId id) {
    return drilled(original, source, id) || drilled(copy, source, id);
  }

  private static boolean drilled(Repository repository, String source, SnapshotId id) {
    try {
      return repository.drills(source, id).values().stream()
          .anyMatch(drill -> drill.path("verified").asBoolean());
    } catch (CorruptManifestException e) {
      return false;
    }
  }
}
