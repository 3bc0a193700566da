package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import routes.TestJobs;
import routes.backup.config.EncryptionProperties;
import routes.backup.repositories.Repositories;
import routes.backup.restore.Restore;
import routes.backup.restore.RestoreRequest;
import routes.jobs.ledger.Run;
import routes.repository.chunks.ChunkReader;
import routes.repository.crypto.TestIdentity;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;

/** Backups of a real database by a hub that encrypts, with and without an identity. */
class EncryptedBackupTest extends BackupSteps {
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final String KEY = "5e".repeat(32);
  private static final BackupRequest REQUEST = new BackupRequest("small");
  private static final DrillRequest LATEST = new DrillRequest("small", "latest", "");
  private static final VerifyRequest ALL = new VerifyRequest("small", "latest", 100, "");

  @Autowired private ApplicationContext hub;
  @TempDir Path folder;
  private final List<String> made = new ArrayList<>();

  @AfterEach
  void forget() {
    made.forEach(id -> jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?").param(id).update());
  }

  private OtherRepository repository(Path identities) {
    return repository(identities, false);
  }

  private OtherRepository repository(Path identities, boolean rolePasswords) {
    return new OtherRepository(
        hub,
        folder.resolve("repository"),
        new EncryptionProperties(List.of(ADA.recipient()), KEY, null, identities, rolePasswords));
  }

  private Path identity() throws Exception {
    Path identity = Files.writeString(folder.resolve("identity"), ADA.secret() + "\n");
    return Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-------"));
  }

  private Run runs(TestJobs.Work work) {
    String name = UUID.randomUUID().toString();
    jobs.call(name, work);
    return ended(submit("test.call", Map.of("name", name)).id());
  }

  private String backUp(OtherRepository on) {
    Run run = succeeded(runs(r -> on.part(Backup.class).run(REQUEST, r)));
    String id = run.summary().get("snapshot").asText();
    made.add(id);
    return id;
  }

  @Test
  void withoutAnIdentityItBacksUpAndSaysWhatIsMissingForTheRest() throws Exception {
    OtherRepository without = repository(null);
    String id = backUp(without);
    RestoreRequest restore =
        new RestoreRequest(
            "small",
            "latest",
            "spare",
            Optional.of("never_made"),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.empty(),
            false,
            false,
            false,
            Optional.empty(),
            false);
    for (TestJobs.Work work :
        List.<TestJobs.Work>of(
            run -> without.part(Drill.class).run(LATEST, run),
            run -> without.part(Verification.class).run(ALL, run),
            run ->
                without
                    .part(Verification.class)
                    .run(new VerifyRequest("small", "all", 10, ""), run),
            run -> without.part(Restore.class).run(restore, run))) {
      Run run = runs(work);
      assertThat(run.state()).isEqualTo("failed");
      assertThat(run.headline()).contains("set hub.encryption.identity-file", ADA.recipient());
      assertThat(run.attempt()).as("no repeat heals it").isEqualTo(1);
    }
    assertThat(listed("small"))
        .filteredOn(one -> one.id().equals(id))
        .singleElement()
        .extracting("verified", "intact")
        .as("nobody called it broken")
        .containsOnlyNulls();
    assertThat(without.repositories().open().quarantined()).isEmpty();
    assertThat(databases("never_made")).isEmpty();
  }

  @Test
  void withAnIdentityItIsProvenAndNoSecretIsTold() throws Exception {
    OtherRepository with = repository(identity());
    String id = backUp(with);

    Run drill = succeeded(runs(run -> with.part(Drill.class).run(LATEST, run)));
    Run verify = succeeded(runs(run -> with.part(Verification.class).run(ALL, run)));

    assertThat(drill.headline()).startsWith("verified ");
    assertThat(verify.headline()).contains("read and right");
    assertThat(listed("small"))
        .filteredOn(snapshot -> snapshot.id().equals(id))
        .singleElement()
        .satisfies(snapshot -> assertThat(snapshot.verified()).isTrue());
    for (String answer :
        List.of(
            admin().get("/api/runs/" + drill.id()).toString(),
            admin().get("/api/runs/" + drill.id() + "/log").toString(),
            drill.toString())) {
      assertThat(answer).doesNotContain(KEY, ADA.secret());
    }
  }

  @Test
  void aNewHubWithNothingButAnIdentityRestoresAndDoesNotBackUp() throws Exception {
    backUp(repository(null));
    OtherRepository bare =
        new OtherRepository(
            hub,
            folder.resolve("repository"),
            new EncryptionProperties(null, null, null, identity(), false));
    String database = "by_identity_" + System.nanoTime();
    RestoreRequest restore =
        new RestoreRequest(
            "small",
            "latest",
            "spare",
            Optional.of(database),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.empty(),
            false,
            false,
            false,
            Optional.empty(),
            false);

    succeeded(runs(run -> bare.part(Verification.class).run(ALL, run)));
    succeeded(runs(run -> bare.part(Restore.class).run(restore, run)));
    Run backup = runs(run -> bare.part(Backup.class).run(REQUEST, run));

    assertThat(databases(database)).hasSize(1);
    assertThat(backup.state()).isEqualTo("failed");
    assertThat(backup.headline()).contains("hub.encryption.recipients is empty");
  }

  @Test
  void passwordsOfRolesAreThereOnlyWhenAllowed() throws Exception {
    Path identity = identity();
    for (boolean allowed : new boolean[] {true, false}) {
      OtherRepository on = repository(identity, allowed);
      backUp(on);
      Repositories.Found found = on.repositories().find("small", "latest");
      Entry globals =
          found.manifest().entries().stream()
              .filter(entry -> entry.kind() == EntryKind.GLOBALS)
              .findFirst()
              .orElseThrow();
      try (ChunkReader reader = found.repository().reader(found.manifest())) {
        ByteBuffer plain = reader.read(globals.chunks().get(0));
        String text = StandardCharsets.UTF_8.decode(plain).toString();
        assertThat(text).contains("CREATE ROLE poor_reader");
        assertThat(text.contains("PASSWORD 'SCRAM-SHA-256$")).isEqualTo(allowed);
      }
      assertThat(globals.about().containsKey("passwords")).isEqualTo(allowed);
    }
  }

  @Test
  void aRoleThatMayNotReadPasswordsIsTold() {
    TestSources.execute(TestSources.POOR, "GRANT SELECT ON \"Secret\" TO poor_reader");
    try {
      OtherRepository on = repository(null, true);
      Run run = runs(r -> on.part(Backup.class).run(new BackupRequest("poor"), r));
      assertThat(run.state()).isEqualTo("failed");
      assertThat(run.headline())
          .contains("only a superuser reads the passwords", "hub.encryption.role-passwords=false");
    } finally {
      TestSources.execute(TestSources.POOR, "REVOKE SELECT ON \"Secret\" FROM poor_reader");
    }
  }
}
