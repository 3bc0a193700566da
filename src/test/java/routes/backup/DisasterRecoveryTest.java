package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.devservices.HubServer;
import routes.devservices.TestStores;
import routes.repository.crypto.TestIdentity;

/**
 * {@code docs/disaster-recovery.md}, with hubs as they run in production: all that is left of the
 * first one is its repository and an identity.
 */
@Tag("slow")
class DisasterRecoveryTest {

  private static final String KEY = "5e".repeat(32);
  private static final String[] JVM = {"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};

  @TempDir Path folder;
  private final TestIdentity ada = TestIdentity.generate();
  private final TestStores stores = TestStores.get();

  @Test
  void aNewHubOnAnEmptyServerRestoresThePlatformAndItself() throws Exception {
    TestStores.Database lost = stores.newDatabase("lost");
    String restored = lost.name() + "_again";
    String run;
    try (HubServer first = HubServer.start(folder.resolve("first"), whole(lost), JVM)) {
      TestSources.execute(lost, "CREATE TABLE platform AS SELECT generate_series(1, 99) AS id");
      run = first.run("backup.postgres", Map.of("source", "platform")).get("id").asText();
    }

    // Steps 1 to 3: no source, no key, an empty database.
    Map<String, String> bare = settings(stores.newDatabase("empty"));
    bare.put("hub.encryption.identity-file", identity().toString());
    try (HubServer second = HubServer.start(folder.resolve("second"), bare, JVM)) {
      assertThat(second.run("backup.catalogue.rebuild", Map.of()).at("/summary/snapshots").asInt())
          .isEqualTo(1);
      JsonNode back =
          second.run(
              "restore.postgres",
              Map.of(
                  "source",
                  "platform",
                  "target",
                  "new",
                  "database",
                  restored,
                  "hub",
                  "true",
                  "globals",
                  "true",
                  "owners",
                  "true"));
      assertThat(back.get("headline").asText()).contains("all equal, into new/" + restored);
    }

    // Step 4: the hub's configuration as it was, on its restored database; its old key opens it.
    TestStores.Database again =
        new TestStores.Database(
            restored, stores.postgres().url(restored), lost.username(), lost.password());
    Path keys = folder.resolve("first");
    try (HubServer third = HubServer.launch(folder.resolve("third"), keys, whole(again), JVM)) {
      third.ready();
      assertThat(third.api().get("/api/runs/" + run).json().get("job").asText())
          .isEqualTo("backup.postgres");
      third.run("backup.catalogue.rebuild", Map.of());
      assertThat(third.api().get("/api/snapshots?source=platform").json().get("items"))
          .isNotEmpty();
      assertThat(third.run("backup.postgres", Map.of("source", "platform")).get("state").asText())
          .isEqualTo("succeeded");
    }
    try (Connection platform =
        DriverManager.getConnection(again.url(), again.username(), again.password())) {
      assertThat(BackupSteps.single(platform, "SELECT sum(id) FROM platform")).isEqualTo("4950");
    }
  }

  private Map<String, String> settings(TestStores.Database database) {
    Map<String, String> settings = new HashMap<>(stores.properties(database));
    settings.put("hub.id", "lost-hub");
    settings.put("hub.repository.url", folder.resolve("repository").toUri().toString());
    settings.put("hub.backup.pg-bin", routes.backup.postgres.session.TestTools.folder().toString());
    connection(settings, "hub.targets.new", stores.postgres().url("postgres"));
    return settings;
  }

  private Map<String, String> whole(TestStores.Database database) {
    Map<String, String> settings = settings(database);
    settings.put("hub.encryption.recipients", ada.recipient());
    settings.put("hub.encryption.key", KEY);
    connection(settings, "hub.sources.platform", database.url());
    return settings;
  }

  private void connection(Map<String, String> settings, String key, String url) {
    settings.put(key + ".url", url);
    settings.put(key + ".username", stores.postgres().username());
    settings.put(key + ".password", stores.postgres().password());
  }

  private Path identity() throws Exception {
    Path file = Files.writeString(folder.resolve("identity"), ada.secret() + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
