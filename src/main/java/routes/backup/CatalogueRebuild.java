package routes.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotCatalogue.Key;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.repositories.Repositories;
import routes.backup.restore.BackupOutcomes;
import routes.backup.retention.DrillRecords;
import routes.backup.retention.Proof;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.SnapshotInfo;

/**
 * {@code backup.catalogue.rebuild}: the catalogue is a cache, the repository the truth. Finds
 * snapshots whose hub was killed before it noted them, and all of them when the database was lost.
 */
@Component
record CatalogueRebuild(
    Repositories repositories, SnapshotCatalogue catalogue, SnapshotEvents news) {

  /** It takes no parameters. */
  record Request() {}

  /**
   * @throws PermanentException when a manifest is damaged, after all others were read; it names
   *     them
   */
  BackupOutcomes.Rebuilt run(Request request, RunContext run) {
    Repository repository = repositories.open();
    // Asked first: a snapshot that a backup publishes meanwhile is not taken for one that is gone.
    Set<Key> known = catalogue.keys();
    Set<Key> held = new HashSet<>();
    List<String> damaged = new ArrayList<>();
    int added = 0;
    for (String source : repository.sources()) {
      for (SnapshotInfo snapshot : repository.list(source)) {
        run.checkpoint();
        Key key = new Key(source, snapshot.id().value());
        held.add(key);
        if (!known.contains(key)) {
          added += add(repository, snapshot, damaged) ? 1 : 0;
        }
        catalogue.held(source, snapshot.id(), repository.holds(source, snapshot.id()));
      }
    }
    List<Key> gone = known.stream().filter(key -> !held.contains(key)).toList();
    gone.forEach(catalogue::forget);
    if (!damaged.isEmpty()) {
      throw new PermanentException("damaged manifests: " + String.join("; ", damaged));
    }
    return new BackupOutcomes.Rebuilt(held.size(), added, gone.size());
  }

  private boolean add(Repository repository, SnapshotInfo snapshot, List<String> damaged) {
    try {
      news.known(repository.read(snapshot.source(), snapshot.id()), snapshot.id());
    } catch (CorruptManifestException e) {
      damaged.add(e.getMessage());
      return false;
    }
    Collection<JsonNode> drills = repository.drills(snapshot.source(), snapshot.id()).values();
    Proof proof = new DrillRecords(drills).proof();
    drills.stream()
        .filter(drill -> proof != Proof.UNPROVEN)
        .max(Comparator.comparing(CatalogueRebuild::at))
        .ifPresent(
            drill ->
                catalogue.drilled(
                    snapshot.source(),
                    snapshot.id(),
                    at(drill),
                    proof == Proof.VERIFIED,
                    drill.path("detail").asText(),
                    drill.has("rtoMillis") ? drill.get("rtoMillis").asLong() : null));
    return true;
  }

  private static Instant at(JsonNode drill) {
    return Instant.parse(drill.path("at").asText(Instant.EPOCH.toString()));
  }
}
