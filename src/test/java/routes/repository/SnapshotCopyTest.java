package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.CLOCK;
import static routes.repository.RepositoryFixture.NOW;
import static routes.repository.RepositoryFixture.rows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkReader;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.crypto.TestIdentity;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.Entry;
import routes.repository.format.ForeignRepositoryException;
import routes.repository.format.Manifest;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.store.FileObjectStore;
import routes.repository.store.ObjectStore;
import routes.repository.store.TestStore;

/** What a second place holds after a copy, also one that was cut short. */
class SnapshotCopyTest {

  private static final SnapshotCopy.Progress QUIET =
      new SnapshotCopy.Progress() {
        @Override
        public void at(long done, long total) {
          assertThat(done).isLessThanOrEqualTo(total);
        }

        @Override
        public void beforeManifest() {
          // nothing stops it
        }
      };

  /** Thrown where a process would die. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path first;
  @TempDir Path second;
  private RepositoryFixture fixture;
  private TestStore to;

  @BeforeEach
  void open() {
    fixture = new RepositoryFixture(first);
    to = new TestStore(FileObjectStore.open(second, CLOCK));
  }

  private SnapshotCopy copy() {
    return fixture.repository.copyTo(to, 2, Executors.defaultThreadFactory());
  }

  private Repository copied() {
    return Repository.open(to, "hub-a", CLOCK);
  }

  private static byte[] content(Repository repository, Manifest manifest) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    try (ChunkReader reader = repository.reader(manifest)) {
      for (ChunkRef ref : manifest.entries().get(0).chunks()) {
        java.nio.ByteBuffer chunk = reader.read(ref);
        all.write(chunk.array(), chunk.arrayOffset(), chunk.remaining());
      }
    }
    return all.toByteArray();
  }

  @Test
  void aCopyIsARepositoryWithTheSnapshotItsDrillsAndItsHolds() throws Exception {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 500));
    fixture.repository.recordDrill("shop", id, "run-2", Map.of("verified", true));

    SnapshotCopy.Result result = copy().copy("shop", id, QUIET);

    assertThat(result.there()).isFalse();
    assertThat(result.checked()).isTrue();
    assertThat(result.sent()).isEqualTo(result.chunks()).isPositive();
    Repository copy = copied();
    assertThat(copy.list("shop")).extracting(SnapshotInfo::id).containsExactly(id);
    assertThat(content(copy, copy.read("shop", id)))
        .isEqualTo(RepositoryFixture.joined(rows(0, 500)));
    assertThat(copy.drills("shop", id)).containsOnlyKeys("run-2");
  }

  @Test
  void whatIsThereIsNotSentAgain() throws Exception {
    SnapshotId one = fixture.publish("shop", NOW, rows(0, 500));
    SnapshotId two = fixture.publish("shop", NOW.plusSeconds(60), rows(0, 520));
    copy().copy("shop", one, QUIET);
    to.takeChunkPuts();

    assertThat(copy().copy("shop", one, QUIET).there()).isTrue();
    assertThat(to.takeChunkPuts()).isEmpty();
    SnapshotCopy.Result second = copy().copy("shop", two, QUIET);
    assertThat(second.sent()).isLessThan(second.chunks());
    assertThat(to.takeChunkPuts()).hasSize((int) second.sent());
  }

  @Test
  void damageDoesNotSpread() {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 500));
    ChunkRef ref = fixture.repository.read("shop", id).entries().get(0).chunks().get(1);
    byte[] stored = fixture.store.get(ref.id().key(), 1 << 20).orElseThrow();
    stored[stored.length / 2] ^= 1;
    fixture.store.put(ref.id().key(), stored);

    assertThatThrownBy(() -> copy().copy("shop", id, QUIET))
        .isInstanceOf(CorruptChunkException.class);

    assertThat(copied().list("shop")).isEmpty();
    assertThat(to.size(ref.id().key())).isEmpty();
  }

  @Test
  void aChunkOrManifestThatWasCutOrLostInTheSecondPlaceIsSentAgain() throws Exception {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 500));
    copy().copy("shop", id, QUIET);
    List<ChunkRef> refs = fixture.repository.read("shop", id).entries().get(0).chunks();
    to.put(refs.get(0).id().key(), new byte[7]);
    to.delete(refs.get(1).id().key());
    to.put(id.manifestKey("shop"), new byte[3]);

    copy().copy("shop", id, QUIET);

    Repository copy = copied();
    assertThat(content(copy, copy.read("shop", id)))
        .isEqualTo(RepositoryFixture.joined(rows(0, 500)));
  }

  @Test
  void aRepositoryOfItsOwnIsNotOverwritten() {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 50));
    for (String hub : List.of("hub-b", "hub-a")) {
      TestStore other = new TestStore(FileObjectStore.open(second.resolve(hub), CLOCK));
      Repository.open(other, hub, java.time.Clock.offset(CLOCK, java.time.Duration.ofDays(1)));
      SnapshotCopy copy = fixture.repository.copyTo(other, 1, Executors.defaultThreadFactory());
      assertThatThrownBy(() -> copy.copy("shop", id, QUIET))
          .isInstanceOf(ForeignRepositoryException.class)
          .hasMessageContaining("copy to an empty prefix");
      assertThat(other.list("chunks/")).isEmpty();
    }
  }

  @Test
  void encryptedSnapshotsAreCopiedWithoutAnIdentityAndOpenedWithOne() throws Exception {
    TestIdentity ada = TestIdentity.generate();
    RepositoryKey key = RepositoryKey.parse("ab".repeat(32));
    Recipients recipients = Recipients.parse(List.of(ada.recipient()));
    TestStore store = new TestStore(FileObjectStore.open(first.resolve("sealed"), CLOCK));
    Repository sealed =
        Repository.open(
            store,
            "hub-a",
            new Encryption(recipients, key, List.of(), () -> Identities.NONE),
            CLOCK);
    SnapshotId id;
    try (ChunkPipeline pipeline =
        sealed.pipeline(RepositoryFixture.settings(2, 4), Optional.empty())) {
      List<Entry> entries =
          List.of(
              RepositoryFixture.table("customer", RepositoryFixture.write(pipeline, rows(0, 500))));
      id = sealed.publish(RepositoryFixture.manifest("shop", NOW, entries), pipeline);
    }

    SnapshotCopy.Result result =
        sealed.copyTo(to, 2, Executors.defaultThreadFactory()).copy("shop", id, QUIET);

    assertThat(result.checked()).isFalse();
    // With nothing but the copy and the identity: the hub, its key and the first place are lost.
    Repository copy =
        Repository.openReadOnly(
            to,
            new Encryption(Recipients.parse(List.of()), null, List.of(), ada::identities),
            CLOCK);
    assertThat(content(copy, copy.read("shop", id)))
        .isEqualTo(RepositoryFixture.joined(rows(0, 500)));
  }

  @Test
  void killedAtAnyStepItLeavesNoSnapshotOrAWholeOneAndTheNextCopyEndsIt() throws Exception {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 120));
    fixture.repository.recordDrill("shop", id, "run-2", Map.of("verified", true));
    List<String> steps = new ArrayList<>();
    to.before = step -> steps.add(step);
    copy().copy("shop", id, QUIET);
    int all = steps.size();
    int whole = 0;
    for (int dies = 0; dies < all; dies++) {
      Path place = second.resolve("dies-" + dies);
      to = new TestStore(FileObjectStore.open(place, CLOCK));
      int[] left = {dies};
      to.before =
          step -> {
            if (left[0]-- <= 0) {
              throw new Killed();
            }
          };
      assertThatThrownBy(() -> copy().copy("shop", id, QUIET))
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(Killed.class),
              e -> assertThat(e).hasCauseInstanceOf(Killed.class));
      to.before = step -> {};
      if (to.size("repository.json").isPresent()
          && !Repository.openReadOnly(to, CLOCK).list("shop").isEmpty()) {
        whole++;
        assertThat(content(copied(), copied().read("shop", id)))
            .isEqualTo(RepositoryFixture.joined(rows(0, 120)));
      }
      copy().copy("shop", id, QUIET);
      assertThat(content(copied(), copied().read("shop", id)))
          .isEqualTo(RepositoryFixture.joined(rows(0, 120)));
      assertThat(copied().drills("shop", id)).containsOnlyKeys("run-2");
    }
    assertThat(whole).as("died after the manifest").isPositive();
  }

  @Test
  void aCopyThatStoodStillWhileAChunkWasSweptThereIsWithdrawn() throws Exception {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 500));
    SnapshotCopy.Progress paused =
        new SnapshotCopy.Progress() {
          @Override
          public void at(long done, long total) {
            assertThat(done).isLessThanOrEqualTo(total);
          }

          @Override
          public void beforeManifest() {
            to.delete(to.list("chunks/").map(ObjectStore.Info::key).findFirst().orElseThrow());
          }

          @Override
          public boolean isHeld() {
            return false;
          }
        };

    assertThatThrownBy(() -> copy().copy("shop", id, paused))
        .isInstanceOf(ManifestRefusedException.class)
        .hasMessageContaining("was withdrawn");
    assertThat(copied().list("shop")).isEmpty();

    assertThat(copy().copy("shop", id, QUIET).sent()).as("what was missing").isEqualTo(1);
    assertThat(copied().list("shop")).hasSize(1);
  }

  @Test
  void whatASweepThereHasMarkedIsSentAgainAndFindingsAreNotSentAtAll() throws Exception {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 500));
    SnapshotId other = fixture.publish("shop", NOW.plusSeconds(1), rows(5000, 5010));
    int chunks = copy().copy("shop", id, QUIET).chunks();
    copy().copy("shop", other, QUIET);
    copied().remove("shop", id);
    assertThat(copied().sweep("s1", java.time.Duration.ofDays(1), () -> true).marked())
        .isEqualTo(chunks);
    fixture.repository.recordHere("shop", id, "read-1", Map.of("right", true));

    assertThat(copy().copy("shop", id, QUIET).sent()).isEqualTo(chunks);
    assertThat(copied().foundHere("shop", id)).isEmpty();
  }
}
