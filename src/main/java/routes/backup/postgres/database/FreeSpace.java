package routes.backup.postgres.database;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import routes.backup.postgres.session.PinnedSession;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.stores.postgres.PostgresAddress;

/** A look at the disk a scratch database would fill; SQL cannot tell, so only where it is ours. */
public final class FreeSpace {

  /** Rows as text, their pages, indexes and write-ahead log: more than the text alone. */
  private static final double FACTOR = 3.0;

  private FreeSpace() {}

  /**
   * @param plainBytes of the snapshot
   * @throws PermanentException when the server's disk is this machine's and too full
   */
  public static void check(PostgresAddress server, long plainBytes, RunContext run)
      throws SQLException, IOException {
    if (!InetAddress.getByName(server.host()).isLoopbackAddress()) {
      run.info("the free space of " + server.host() + " cannot be seen from here");
      return;
    }
    List<String> folder;
    try (PinnedSession session = PinnedSession.open(server, "free space")) {
      folder =
          new Inspector(session)
              .rows(
                  "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'data_directory'",
                  row -> row.getString(1));
    }
    if (folder.isEmpty() || !Files.isDirectory(Path.of(folder.get(0)))) {
      run.info("the free space of " + server.host() + " cannot be seen by this role");
      return;
    }
    long free = Path.of(folder.get(0)).toFile().getUsableSpace();
    if (free < plainBytes * FACTOR) {
      throw new PermanentException(
          "the disk of %s has %s MiB free; a drill of this snapshot may take %s MiB"
              .formatted(server.host(), free >> 20, (long) (plainBytes * FACTOR / (1 << 20))));
    }
  }
}
