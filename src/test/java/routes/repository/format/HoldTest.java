package routes.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.NOW;
import static routes.repository.RepositoryFixture.rows;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.Repository;
import routes.repository.RepositoryFixture;

/** A held snapshot is not removed, at whatever moment the hold comes. */
class HoldTest {
  private static final Hold FOR_GOOD = new Hold("ada", "evidence", NOW, null);

  @TempDir Path folder;
  private RepositoryFixture fixture;
  private Repository repository;
  private SnapshotId id;

  @BeforeEach
  void open() {
    fixture = new RepositoryFixture(folder);
    repository = fixture.repository;
    id = fixture.publish("shop", NOW, rows(0, 5));
  }

  @Test
  void aHeldSnapshotStaysUntilItIsReleased() {
    assertThat(repository.hold("shop", id, "audit", FOR_GOOD)).isTrue();
    assertThat(repository.holds("shop", id)).isEqualTo(Map.of("audit", FOR_GOOD));

    assertThat(repository.remove("shop", id)).isFalse();
    assertThat(repository.list("shop")).hasSize(1);

    assertThat(repository.release("shop", id, "audit")).isTrue();
    assertThat(repository.release("shop", id, "audit")).isFalse();
    assertThat(repository.remove("shop", id)).isTrue();
    assertThat(repository.remove("shop", id)).as("again").isTrue();
    assertThat(repository.list("shop")).isEmpty();
  }

  @Test
  void aHoldEndsWhenItSaysSo() {
    assertThat(new Hold("ada", "", NOW, NOW.plusSeconds(1)).isActive(NOW)).isTrue();
    repository.hold("shop", id, "short", new Hold("ada", "", NOW.minusSeconds(9), NOW));

    assertThat(repository.remove("shop", id)).isTrue();
  }

  @Test
  void nobodysHoldIsOverwritten() {
    repository.hold("shop", id, "audit", FOR_GOOD);

    assertThat(repository.hold("shop", id, "audit", new Hold("bob", "", NOW, NOW))).isFalse();

    assertThat(repository.holds("shop", id)).isEqualTo(Map.of("audit", FOR_GOOD));
  }

  @Test
  void aHoldThatCannotBeReadHolds() {
    fixture.store.put("snapshots/shop/" + id + "/hold/broken.json", new byte[] {'{'});

    assertThat(repository.remove("shop", id)).isFalse();
    assertThat(repository.holds("shop", id).get("broken").isActive(NOW.plusSeconds(1 << 30)))
        .isTrue();
  }

  @Test
  void whatIsNotThereCannotBeHeld() {
    repository.remove("shop", id);

    assertThatThrownBy(() -> repository.hold("shop", id, "audit", FOR_GOOD))
        .isInstanceOf(UnknownSnapshotException.class);
    assertThat(fixture.store.list("snapshots/")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> repository.hold("shop", id, "../x", FOR_GOOD));
  }

  /** Placed before each request of the removal in turn: held and there, or refused and gone. */
  @Test
  void aHoldThatComesDuringARemovalWinsOrIsRefused() {
    int kept = 0;
    int gone = 0;
    boolean asked = true;
    for (int at = 0; asked; at++) {
      SnapshotId each = fixture.publish("shop", NOW.plusSeconds(at), rows(0, 5));
      AtomicInteger left = new AtomicInteger(at);
      boolean[] held = new boolean[1];
      boolean[] tried = new boolean[1];
      fixture.store.before =
          what -> {
            if (left.getAndDecrement() == 0) {
              fixture.store.before = other -> {};
              tried[0] = true;
              try {
                held[0] = repository.hold("shop", each, "late", FOR_GOOD);
              } catch (UnknownSnapshotException e) {
                held[0] = false;
              }
            }
          };
      boolean removed = repository.remove("shop", each);
      fixture.store.before = what -> {};
      asked = tried[0];
      boolean there = repository.list("shop").stream().anyMatch(info -> info.id().equals(each));
      assertThat(there).as("hold before request " + at).isNotEqualTo(removed);
      if (held[0]) {
        assertThat(there).as("held before request " + at).isTrue();
        kept++;
      } else {
        gone++;
      }
    }
    assertThat(kept).isPositive();
    assertThat(gone).isPositive();
  }
}
