package routes.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.restore.RestoredDatabase;
import routes.jobs.EndedRun;
import routes.jobs.RunEndListener;
import routes.kernel.errors.Failures;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.SnapshotId;

/**
 * What the end of a run means to backups: an event in the transaction of that end, and a note on a
 * snapshot whose manifest turned out to be damaged, whichever job met it.
 */
@Component
record BackupRunEnds(SnapshotEvents news) implements RunEndListener {

  /** {@code backup.failed}, {@code backup.drill.failed}, {@code restore.failed}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Failed(String source, UUID run, String trigger, int attempts) {}

  /** {@code restore.finished}. */
  record Restored(String source, String snapshot, String target, String database, UUID run) {}

  @Override
  public void ended(EndedRun run) {
    if (run.dryRun()) {
      return;
    }
    CorruptManifestException corrupt = Failures.find(run.failure(), CorruptManifestException.class);
    if (corrupt != null && isOfTheRepository(run)) {
      unreadable(corrupt, run.id());
    }
    if (run.outcome() instanceof RestoredDatabase restored) {
      news.tell(
          "restore.finished",
          run.id().toString(),
          restored.source(),
          new Restored(
              restored.source(),
              restored.snapshot(),
              restored.target(),
              restored.database(),
              run.id()));
    }
    String failed = run.state().equals("failed") ? failure(run) : null;
    if (failed != null) {
      String source = String.valueOf(run.params().get("source"));
      news.tell(
          failed,
          run.id().toString(),
          source,
          new Failed(source, run.id(), run.trigger(), run.attempt()));
    }
  }

  /** What a copy is made of is the repository's; all else with a copy's name works in that copy. */
  private static boolean isOfTheRepository(EndedRun run) {
    Object copy = run.params().get("copy");
    return copy == null || copy.equals("") || run.job().equals("backup.copy");
  }

  private static String failure(EndedRun run) {
    return switch (run.job()) {
      case "backup.postgres" -> "backup.failed";
      case "backup.drill" ->
          isOfTheRepository(run) ? "backup.drill.failed" : "backup.copy.drill.failed";
      case "restore.postgres" -> "restore.failed";
      default -> null; // run.failed tells of it
    };
  }

  private void unreadable(CorruptManifestException corrupt, UUID run) {
    String[] parts = corrupt.key().split("/");
    if (parts.length == 4 && parts[3].equals("manifest.json")) {
      news.unreadable(parts[1], new SnapshotId(parts[2]), run, corrupt.getMessage());
    }
  }
}
