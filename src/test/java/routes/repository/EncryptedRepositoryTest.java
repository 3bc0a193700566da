package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.CLOCK;
import static routes.repository.RepositoryFixture.NOW;
import static routes.repository.RepositoryFixture.joined;
import static routes.repository.RepositoryFixture.manifest;
import static routes.repository.RepositoryFixture.rows;
import static routes.repository.RepositoryFixture.settings;
import static routes.repository.RepositoryFixture.table;
import static routes.repository.RepositoryFixture.write;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkReader;
import routes.repository.chunks.EntryComparison;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.crypto.TestIdentity;
import routes.repository.format.AuthenticatedJson;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.EncryptionRefusedException;
import routes.repository.format.Entry;
import routes.repository.format.LockedSnapshotException;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.store.FileObjectStore;
import routes.repository.store.TestStore;

/** Who can write, read, believe and open what, as keys and recipients come and go. */
class EncryptedRepositoryTest {
  private static final String K1 = "1a".repeat(32);
  private static final String K2 = "2b".repeat(32);
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final TestIdentity BOB = TestIdentity.generate();
  private static final List<byte[]> ROWS = rows(0, 400);

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void open() {
    store = new TestStore(FileObjectStore.open(folder, CLOCK));
  }

  private static Encryption hub(String key, TestIdentity... recipients) {
    return hub(key, List.of(), recipients);
  }

  private static Encryption hub(String key, List<String> old, TestIdentity... recipients) {
    return new Encryption(
        Recipients.parse(Stream.of(recipients).map(TestIdentity::recipient).toList()),
        RepositoryKey.parse(key),
        old.stream().map(RepositoryKey::parse).toList(),
        () -> Identities.NONE);
  }

  private static Encryption with(Encryption hub, TestIdentity identity) {
    return new Encryption(hub.recipients(), hub.key(), hub.oldKeys(), identity::identities);
  }

  private static Encryption only(TestIdentity identity) {
    return with(Encryption.NONE, identity);
  }

  private Repository repository(Encryption encryption) {
    return Repository.open(store, "hub-a", encryption, CLOCK);
  }

  private SnapshotId backup(Encryption encryption, int second) {
    Repository repository = repository(encryption);
    try (ChunkPipeline pipeline = repository.pipeline(settings(2, 4), Optional.empty())) {
      List<Entry> entries = List.of(table("customer", write(pipeline, ROWS)));
      return repository.publish(manifest("shop", NOW.plusSeconds(second), entries), pipeline);
    }
  }

  private byte[] restored(Encryption encryption, SnapshotId id) {
    Repository repository = Repository.openReadOnly(store, encryption, CLOCK);
    Manifest manifest = repository.read("shop", id);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (ChunkReader reader = repository.reader(manifest)) {
      for (ChunkRef ref : manifest.entries().get(0).chunks()) {
        ByteBuffer plain = reader.read(ref);
        all.write(plain.array(), 0, plain.remaining());
      }
    }
    return all.toByteArray();
  }

  private String text(String key) {
    return new String(store.get(key, 1 << 20).orElseThrow(), StandardCharsets.UTF_8);
  }

  @Test
  void aSnapshotOpensForEachOfItsRecipientsAlone() {
    Encryption hub = hub(K1, ADA, BOB);
    SnapshotId id = backup(hub, 0);
    byte[] content = joined(ROWS);
    assertThat(restored(with(hub, ADA), id)).as("key and identity").isEqualTo(content);
    assertThat(restored(only(ADA), id)).as("an identity alone").isEqualTo(content);
    assertThat(restored(only(BOB), id)).as("the other alone").isEqualTo(content);
    assertThatThrownBy(() -> restored(only(TestIdentity.generate()), id))
        .isInstanceOf(LockedSnapshotException.class)
        .hasMessageContaining(ADA.recipient())
        .hasMessageContaining("holds only the identities of age1");
  }

  @Test
  void nothingOfTheContentOrTheKeyLiesInTheStore() throws Exception {
    backup(hub(K1, ADA), 0);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).as(file.toString()).doesNotContain("user", K1, "AGE-SECRET-KEY");
        String name = file.getFileName().toString();
        if (file.toString().contains("chunks") || name.endsWith(".age")) {
          assertThat(bytes).startsWith("age-encryption.org/v1\n-> X25519 ");
        }
      }
    }
  }

  @Test
  void aManifestIsReadWithoutAnIdentityAndItsContentIsNot() {
    Encryption hub = hub(K1, ADA);
    SnapshotId id = backup(hub, 0);
    for (Encryption without : List.of(hub, Encryption.NONE)) {
      Repository repository = Repository.openReadOnly(store, without, CLOCK);
      Manifest manifest = repository.read("shop", id);
      assertThat(manifest.totals().rows()).isEqualTo(400);
      assertThat(manifest.recipients()).containsExactly(ADA.recipient());
      assertThatThrownBy(() -> repository.requireOpenable(manifest))
          .isInstanceOf(LockedSnapshotException.class)
          .hasMessageContaining("set hub.encryption.identity-file");
      assertThatThrownBy(() -> repository.reader(manifest))
          .isInstanceOf(LockedSnapshotException.class);
    }
  }

  @Test
  void anUnchangedDatabaseSendsNothingAndAChangedRecipientSendsAll() {
    backup(hub(K1, ADA), 0);
    int chunks = store.takeChunkPuts().size();
    assertThat(chunks).isGreaterThan(3);
    backup(hub(K1, ADA), 1);
    assertThat(store.takeChunkPuts()).isEmpty();
    backup(hub(K1, BOB, ADA), 2);
    assertThat(store.takeChunkPuts()).hasSize(chunks);
    backup(hub(K1, ADA, BOB), 3);
    assertThat(store.takeChunkPuts()).as("their order does not matter").isEmpty();
  }

  @Test
  void recipientsComeAndGoAndOldSnapshotsStayAsTheyAre() {
    SnapshotId first = backup(hub(K1, ADA), 0);
    byte[] manifest = text("snapshots/shop/" + first + "/manifest.json").getBytes();
    SnapshotId both = backup(hub(K1, ADA, BOB), 1);
    SnapshotId last = backup(hub(K1, BOB), 2);
    byte[] content = joined(ROWS);

    assertThat(restored(only(ADA), first)).isEqualTo(content);
    assertThat(restored(only(ADA), both)).isEqualTo(content);
    assertThat(restored(only(BOB), both)).isEqualTo(content);
    assertThat(restored(only(BOB), last)).isEqualTo(content);
    assertThat(restored(with(hub(K1, BOB), ADA), first)).isEqualTo(content);
    assertThatThrownBy(() -> restored(only(BOB), first))
        .isInstanceOf(LockedSnapshotException.class);
    assertThatThrownBy(() -> restored(only(ADA), last)).isInstanceOf(LockedSnapshotException.class);
    assertThat(text("snapshots/shop/" + first + "/manifest.json").getBytes()).isEqualTo(manifest);
    assertThat(store.list("keys/")).as("one per set of recipients").hasSize(3);
  }

  @Test
  void aPlainRepositoryTurnsToAgeAndKeepsItsPlainSnapshots() {
    SnapshotId plain = backup(Encryption.NONE, 0);
    Encryption hub = hub(K1, ADA);
    assertThat(restored(hub, plain)).as("not turned yet").isEqualTo(joined(ROWS));
    SnapshotId sealed = backup(hub, 1);

    assertThat(restored(hub, plain)).isEqualTo(joined(ROWS));
    assertThat(restored(with(hub, ADA), sealed)).isEqualTo(joined(ROWS));
    assertThat(text("repository.json")).contains("\"plain\":[\"shop/" + plain + "\"]");
    assertThat(repository(hub).recipients()).containsExactly(ADA.recipient());
  }

  @Test
  void aDamagedPlainManifestDoesNotHinderTheTurn() {
    SnapshotId plain = backup(Encryption.NONE, 0);
    SnapshotId damaged = backup(Encryption.NONE, 1);
    put("snapshots/shop/" + damaged + "/manifest.json", "{}");
    backup(hub(K1, ADA), 2);
    assertThat(text("repository.json")).contains("\"plain\":[\"shop/" + plain + "\"]");
  }

  @Test
  void encryptionIsNotTurnedOff() {
    backup(hub(K1, ADA), 0);
    Repository off = repository(Encryption.NONE);
    assertThat(off.list("shop")).as("it still lists").hasSize(1);
    assertThatThrownBy(() -> off.pipeline(settings(1, 1), Optional.empty()))
        .isInstanceOf(EncryptionRefusedException.class)
        .hasMessageContaining("hub.encryption.recipients is empty")
        .hasMessageContaining("another prefix");
  }

  @Test
  void aPlainBackupThatWasUnderWayWhenItWasTurnedOnIsNotPublished() {
    Repository plain = repository(Encryption.NONE);
    try (ChunkPipeline pipeline = plain.pipeline(settings(1, 2), Optional.empty())) {
      List<Entry> entries = List.of(table("customer", write(pipeline, ROWS)));
      backup(hub(K1, ADA), 0);
      assertThatThrownBy(() -> plain.publish(manifest("shop", NOW, entries), pipeline))
          .isInstanceOf(EncryptionRefusedException.class);
    }
    assertThat(plain.list("shop")).hasSize(1);
  }

  @Test
  void theKeyIsChangedAndOldSnapshotsAreReadWithTheOldOne() {
    SnapshotId old = backup(hub(K1, ADA), 0);
    assertThatThrownBy(() -> repository(hub(K2, ADA)))
        .isInstanceOf(EncryptionRefusedException.class)
        .hasMessageContaining("hub.encryption.old-keys")
        .hasMessageContaining("age -d -i");
    Encryption changed = hub(K2, List.of(K1), ADA);
    SnapshotId next = backup(changed, 1);
    assertThat(restored(with(changed, ADA), old)).isEqualTo(joined(ROWS));
    assertThat(restored(with(changed, ADA), next)).isEqualTo(joined(ROWS));
    assertThat(restored(only(ADA), old)).as("by the old key in keys/").isEqualTo(joined(ROWS));

    Repository forgotten = repository(hub(K2, ADA));
    assertThatThrownBy(() -> forgotten.read("shop", old))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("missing in hub.encryption.old-keys");
  }

  @Test
  void aForgedOrUnsignedManifestIsRefusedByWhoKnowsTheKey() {
    Encryption hub = hub(K1, ADA);
    SnapshotId id = backup(hub, 0);
    String signed = text("snapshots/shop/" + id + "/manifest.json");
    String other = signed.replace("\"rows\":400", "\"rows\":400 ");
    String unsigned = signed.replaceFirst(",\"mac\":\"[0-9a-f]{64}\"}$", "}");
    String plain =
        unsigned
            .replace("\"encryption\":\"age\"", "\"encryption\":\"none\"")
            .replaceFirst("\"recipients\":\\[[^]]*],\"key\":\"[0-9a-f]*\",", "");
    assertThat(plain).doesNotContain("age1");
    for (String forged : List.of(other, unsigned, plain)) {
      SnapshotId name = SnapshotId.of(NOW, forged.getBytes(StandardCharsets.UTF_8));
      store.put(
          "snapshots/shop/" + name + "/manifest.json", forged.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> repository(hub).read("shop", name))
          .isInstanceOf(CorruptManifestException.class)
          .hasMessageContaining("MAC");
    }
    assertThat(repository(hub).read("shop", id).totals().rows()).isEqualTo(400);
  }

  @Test
  void aForgedRecordProvesNothingToWhoKnowsTheKey() {
    Encryption hub = hub(K1, ADA);
    SnapshotId one = backup(hub, 0);
    SnapshotId other = backup(hub, 1);
    Map<String, Object> verified = Map.of("verified", true);
    repository(hub).recordDrill("shop", one, "real", verified);
    String drill = "snapshots/shop/" + one + "/drill/";
    put(drill + "forged.json", "{\"verified\":true}");
    put(drill + "guessed.json", "{\"verified\":true,\"mac\":\"" + "0".repeat(64) + "\"}");
    put("snapshots/shop/" + other + "/drill/moved.json", text(drill + "real.json"));
    put("snapshots/shop/" + one + "/here/moved.json", text(drill + "real.json"));

    Repository mine = repository(hub);
    assertThat(mine.drills("shop", one)).containsOnlyKeys("real");
    assertThat(mine.drills("shop", other)).as("of another snapshot").isEmpty();
    assertThat(mine.foundHere("shop", one)).as("of another kind").isEmpty();
    assertThat(mine.unbelieved("shop", one)).isEqualTo(3);
    assertThat(mine.unbelieved("shop", other)).isEqualTo(1);

    assertThat(repository(hub(K2, List.of(K1), ADA)).drills("shop", one))
        .as("under the key it had before")
        .containsOnlyKeys("real");
    assertThat(Repository.openReadOnly(store, CLOCK).drills("shop", one))
        .as("who has no key cannot ask for one")
        .hasSize(3);
  }

  @Test
  void whoHasOnlyAnIdentityLeavesRecordsThatCount() {
    Encryption hub = hub(K1, ADA);
    SnapshotId id = backup(hub, 0);
    Repository drills = repository(only(ADA));
    drills.read("shop", id);
    drills.recordDrill("shop", id, "theirs", Map.of("verified", true));

    assertThat(repository(hub).drills("shop", id)).containsOnlyKeys("theirs");
  }

  @Test
  void aKeyThatSomebodyPutDownIsNotTakenByWhoHasOne() {
    Encryption hub = hub(K1, ADA);
    backup(hub, 0);
    // Whoever can write to the store knows the recipients, and could seal a key of their own.
    SnapshotId forged;
    try (ChunkPipeline pipeline = repository(hub).pipeline(settings(1, 2), Optional.empty())) {
      List<Entry> entries = List.of(table("customer", write(pipeline, ROWS)));
      Manifest manifest = manifest("shop", NOW.plusSeconds(9), entries);
      RepositoryKey theirs = RepositoryKey.parse(K2);
      String fingerprint = theirs.fingerprint(hub.recipients());
      byte[] json =
          AuthenticatedJson.sign(
              RepositoryJson.write(manifest.sealedFor(hub.recipients().names(), fingerprint)),
              theirs.manifests());
      forged = SnapshotId.of(manifest.takenAt(), json);
      store.put(forged.manifestKey("shop"), json);
      store.put(KeyFiles.key(fingerprint), KeyFiles.seal(theirs, hub.recipients()));
    }
    assertThatThrownBy(() -> repository(with(hub, ADA)).read("shop", forged))
        .isInstanceOf(CorruptManifestException.class);
  }

  @Test
  void aForgedHeaderIsRefusedByWhoKnowsTheKey() {
    Encryption hub = hub(K1, ADA);
    backup(hub, 0);
    String header = text("repository.json");
    put("repository.json", header.replace("\"plain\":[]", "\"plain\":[\"shop/x\"]"));
    assertThatThrownBy(() -> repository(hub))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("repository.json")
        .hasMessageContaining("MAC");
    put(
        "repository.json",
        "{\"format\":1,\"hub\":\"hub-a\",\"created\":\"2026-01-01T00:00:00Z\",\"encryption\":\"none\"}");
    assertThatThrownBy(() -> repository(hub))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("there are keys in keys/");
    store.list("keys/").toList().forEach(key -> store.delete(key.key()));
    Repository fooled = repository(hub);
    assertThatThrownBy(() -> fooled.pipeline(settings(1, 1), Optional.empty()))
        .as("it takes over no plain snapshots where encrypted ones are")
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("repository.json");
    put("repository.json", header);
    assertThat(repository(hub).recipients()).containsExactly(ADA.recipient());
  }

  @Test
  void aLostOrDamagedKeyIsSealedAgainByTheNextBackup() {
    Encryption hub = hub(K1, ADA);
    SnapshotId id = backup(hub, 0);
    String key = store.list("keys/").findFirst().orElseThrow().key();
    assertThat(key).matches("keys/[0-9a-f]{16}\\.age");
    for (byte[] damage : new byte[][] {null, new byte[10]}) {
      store.delete(key);
      if (damage != null) {
        store.put(key, damage);
      }
      assertThatThrownBy(() -> restored(only(ADA), id))
          .isInstanceOf(LockedSnapshotException.class)
          .hasMessageContaining(key);
      assertThat(restored(with(hub, ADA), id)).as("the hub has it").isEqualTo(joined(ROWS));
      backup(hub, 1);
      assertThat(restored(only(ADA), id)).isEqualTo(joined(ROWS));
    }
    byte[] sound = store.get(key, 1 << 20).orElseThrow();
    backup(hub, 2);
    assertThat(store.get(key, 1 << 20)).as("a sound one is left alone").contains(sound);
  }

  @Test
  void aDamagedChunkIsFoundAndSentAgain() {
    Encryption hub = hub(K1, ADA);
    SnapshotId id = backup(hub, 0);
    ChunkRef ref = repository(hub).read("shop", id).entries().get(0).chunks().get(0);
    byte[] stored = store.get(ref.id().key(), 1 << 20).orElseThrow();
    stored[stored.length / 2] ^= 1;
    store.put(ref.id().key(), stored);
    assertThatThrownBy(() -> restored(with(hub, ADA), id))
        .isInstanceOf(CorruptChunkException.class);
    repository(hub).quarantine(ref.id(), "the test flipped a bit");
    backup(hub, 1);
    assertThat(restored(with(hub, ADA), id)).isEqualTo(joined(ROWS));
  }

  @Test
  void whatIsComparedWithASnapshotIsComparedByItsIds() {
    Encryption hub = with(hub(K1, ADA), ADA);
    SnapshotId id = backup(hub, 0);
    Repository repository = repository(hub);
    Manifest manifest = repository.read("shop", id);
    try (EntryComparison comparison = repository.comparison(manifest, manifest.entries().get(0))) {
      ROWS.forEach(row -> comparison.update(row, 0, row.length));
      assertThat(comparison.finish()).isEmpty();
    }
  }

  @Test
  void secretsDoNotPrintThemselves() {
    Encryption hub = with(hub(K1, List.of(K2), ADA), BOB);
    String all =
        hub
            + " "
            + hub.key()
            + " "
            + hub.oldKeys()
            + " "
            + hub.identities().get()
            + " "
            + repository(hub);
    assertThat(all).doesNotContainIgnoringCase(K1, K2, "SECRET-KEY");
  }

  private void put(String key, String text) {
    store.put(key, text.getBytes(StandardCharsets.UTF_8));
  }
}
