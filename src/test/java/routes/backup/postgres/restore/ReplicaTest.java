package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.devservices.PostgresServer;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** A hot standby as the source: it exports a snapshot, locks tables and lacks unlogged rows. */
@Tag("matrix")
class ReplicaTest {

  private static final String VERSION = "15.19.0";

  @TempDir Path folder;

  @Test
  void aReplicaIsBackedUpWithoutUnloggedRows() throws Exception {
    try (PostgresServer primary = primary()) {
      PostgresAddress there = address(primary);
      Workbench.execute(there, "CREATE DATABASE shop");
      Workbench.execute(
          there.withDatabase("shop"),
          "CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i",
          "CREATE UNLOGGED TABLE u AS SELECT 1 AS id");
      try (PostgresServer replica =
          PostgresServer.replica(VERSION, primary, folder.resolve("a"), folder.resolve("b"))) {
        Workbench.execute(there.withDatabase("shop"), "INSERT INTO t VALUES (0)");
        PostgresAddress here = address(replica).withDatabase("shop");
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> "1001".equals(Workbench.single(here, "SELECT count(*) FROM t")));
        assertThat(Workbench.single(here, "SELECT pg_is_in_recovery()")).isEqualTo("t");
        Workbench bench = new Workbench(folder);
        QuietRun run = new QuietRun();

        Manifest snapshot = bench.backUp(here, run);

        assertThat(run.warnings())
            .containsExactly(
                "unlogged table public.u is backed up without its rows: a replica has none");
        assertThat(snapshot.server().get("lsn")).isNotNull();
        assertThat(bench.drill(there, snapshot, new QuietRun()).rows()).isEqualTo(1001);
      }
    }
  }

  private PostgresServer primary() {
    try {
      return PostgresServer.apart(VERSION, folder.resolve("a"), Map.of());
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  private static PostgresAddress address(PostgresServer server) {
    return Workbench.address(server.url("postgres"), server.username(), server.password());
  }
}
