package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.NOW;
import static routes.repository.RepositoryFixture.rows;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;

/** A manifest that cannot be read leaves the listing, never the store, whenever one is killed. */
class ManifestQuarantineTest {

  /** Thrown where a process would die. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path folder;
  private RepositoryFixture fixture;
  private Repository repository;
  private SnapshotId sound;
  private SnapshotId broken;
  private String key;
  private byte[] damaged;

  @BeforeEach
  void damageOne() {
    fixture = new RepositoryFixture(folder);
    repository = fixture.repository;
    sound = fixture.publish("shop", NOW, rows(0, 50));
    broken = fixture.publish("shop", NOW.plusSeconds(1), rows(1000, 1050));
    key = broken.manifestKey("shop");
    damaged = fixture.store.get(key, 1 << 20).orElseThrow();
    damaged[damaged.length / 2] ^= 1;
    fixture.store.put(key, damaged);
  }

  private List<String> aside() {
    return fixture.store.list("set-aside/").map(ObjectStore.Info::key).sorted().toList();
  }

  private byte[] kept() {
    String copy = aside().stream().filter(k -> !k.endsWith(".note.json")).findFirst().orElseThrow();
    return fixture.store.get(copy, 1 << 20).orElseThrow();
  }

  private Sweep.Swept sweep(Instant now) {
    Repository later = Repository.open(fixture.store, "hub-a", Clock.fixed(now, ZoneOffset.UTC));
    return later.sweep("s" + now.getEpochSecond(), Duration.ofDays(1), () -> true);
  }

  @Test
  void whatCanBeReadOrIsNotThereStays() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> repository.setAside("shop", sound, "ada", "so"));
    assertThat(repository.read("shop", sound)).isNotNull();
    SnapshotId none = new SnapshotId("20200101T000000Z-" + "0".repeat(32));
    assertThatThrownBy(() -> repository.setAside("shop", none, "ada", "so"))
        .isInstanceOf(UnknownSnapshotException.class);
    assertThat(aside()).isEmpty();
  }

  /** Killed before each request in turn: the damaged bytes are always somewhere. */
  @Test
  void killedAtAnyMomentItLosesNothingAndARepeatEndsTheWork() {
    boolean killed = true;
    for (int at = 0; killed; at++) {
      fixture.store.put(key, damaged);
      AtomicInteger left = new AtomicInteger(at);
      fixture.store.before =
          what -> {
            if (left.getAndDecrement() == 0) {
              throw new Killed();
            }
          };
      try {
        repository.setAside("shop", broken, "ada", "the disk lost it");
        killed = false;
      } catch (Killed e) {
        killed = true;
      }
      fixture.store.before = what -> {};
      boolean there = fixture.store.size(key).isPresent();
      assertThat(there).as("killed before request " + at).isEqualTo(killed);
      if (!there) {
        assertThat(kept()).isEqualTo(damaged);
      }
    }
    assertThat(repository.isSetAside("shop", broken)).isTrue();
    assertThat(repository.list("shop")).extracting(SnapshotInfo::id).containsExactly(sound);
    assertThat(aside()).hasSize(2).allMatch(k -> k.contains("shop/" + broken));
    byte[] note = fixture.store.get(aside().get(1), 1 << 20).orElseThrow();
    assertThat(new String(note, java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"by\":\"ada\"", "the disk lost it", "its hash is not the one in its name");
  }

  @Test
  void sweepsGoOnAndItsChunksHaveTheGraceTimeInWhichItCanBePutBack() {
    assertThatThrownBy(() -> sweep(NOW.plusSeconds(60)))
        .isInstanceOf(CorruptManifestException.class);
    repository.setAside("shop", broken, "ada", "so");

    Sweep.Swept first = sweep(NOW.plusSeconds(60));
    assertThat(first.marked()).isPositive();
    assertThat(first.chunks()).isZero();
    assertThat(sweep(NOW.plus(Duration.ofHours(23))).chunks()).isZero();

    byte[] right = kept();
    right[right.length / 2] ^= 1;
    fixture.store.put(key, right);
    assertThat(sweep(NOW.plus(Duration.ofHours(25))).chunks()).as("it is back").isZero();
    assertThat(repository.read("shop", broken)).isNotNull();

    fixture.store.put(key, damaged);
    repository.setAside("shop", broken, "ada", "again");
    sweep(NOW.plus(Duration.ofHours(26)));
    assertThat(sweep(NOW.plus(Duration.ofHours(51))).chunks()).isEqualTo(first.marked());
    assertThat(kept()).as("and is kept still").isEqualTo(damaged);
  }
}
