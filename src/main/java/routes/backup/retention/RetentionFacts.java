package routes.backup.retention;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import routes.repository.Repository;
import routes.repository.format.ChunkId;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;

/** What the repository itself, not the catalogue, says of a source's snapshots. */
public final class RetentionFacts {

  /** Says what is proven of a snapshot, by what was recorded of it. */
  interface Proofs {
    Proof of(String source, SnapshotId id);
  }

  private final Repository repository;
  private final Proofs proofs;
  private final Set<ChunkId> quarantined;
  private final Instant now;
  private final List<String> unbelieved = new ArrayList<>();

  public RetentionFacts(Repository repository, Instant now) {
    this(repository, (source, id) -> drilled(repository, source, id), now);
  }

  RetentionFacts(Repository repository, Proofs proofs, Instant now) {
    this.repository = repository;
    this.proofs = proofs;
    this.quarantined = repository.quarantined();
    this.now = now;
  }

  /** Chunks that were known to be damaged when this was made. */
  Set<ChunkId> quarantined() {
    return quarantined;
  }

  /** Ids of the snapshots, as far as they were read, with records that do not count. */
  List<String> unbelieved() {
    return List.copyOf(unbelieved);
  }

  /**
   * Reads them.
   *
   * @param inUse ids of the snapshots that runs read now
   */
  List<SnapshotFacts> of(String source, Set<String> inUse) {
    List<SnapshotFacts> facts = new ArrayList<>();
    List<SnapshotInfo> newestFirst = repository.list(source);
    for (int i = 0; i < newestFirst.size(); i++) {
      try {
        facts.add(of(newestFirst.get(i), i <= Planner.COMPARED, inUse));
      } catch (UnknownSnapshotException e) {
        continue; // gone since it was listed
      }
    }
    return facts;
  }

  private SnapshotFacts of(SnapshotInfo info, boolean sized, Set<String> inUse) {
    Proof proof = proof(info.source(), info.id());
    if (repository.unbelieved(info.source(), info.id()) > 0) {
      unbelieved.add(info.id().value());
    }
    OptionalLong bytes = OptionalLong.empty();
    // Manifests are large. Marks of damage are rare, and then all are looked at.
    if (sized || !quarantined.isEmpty()) {
      try {
        Manifest manifest = repository.read(info.source(), info.id());
        bytes = OptionalLong.of(manifest.totals().plainBytes());
        proof = namesDamage(manifest) ? Proof.DAMAGED : proof;
      } catch (CorruptManifestException e) {
        proof = Proof.DAMAGED;
      }
    }
    boolean held =
        repository.holds(info.source(), info.id()).values().stream()
            .anyMatch(hold -> hold.isActive(now));
    String id = info.id().value();
    return new SnapshotFacts(id, info.takenAt(), proof, held, inUse.contains(id), bytes);
  }

  private boolean namesDamage(Manifest manifest) {
    return !quarantined.isEmpty()
        && manifest.entries().stream()
            .flatMap(entry -> entry.chunks().stream())
            .anyMatch(ref -> quarantined.contains(ref.id()));
  }

  public Proof proof(String source, SnapshotId id) {
    return proofs.of(source, id);
  }

  private static Proof drilled(Repository repository, String source, SnapshotId id) {
    try {
      return new DrillRecords(repository.drills(source, id).values()).proof();
    } catch (CorruptManifestException e) {
      return Proof.UNPROVEN;
    }
  }

  static Instant at(JsonNode drill) {
    try {
      return Instant.parse(drill.path("at").asText());
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
