package routes.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ObjectStore} does; each implementation's test inherits it. */
interface ObjectStoreContract {
  int LIMIT = 1 << 20;

  /** A store that holds nothing yet. */
  ObjectStore store();

  @Test
  default void whatWasPutIsRead() {
    store().put("a/b", bytes("one"));
    assertThat(text("a/b")).hasValue("one");
    assertThat(store().size("a/b")).hasValue(3);
  }

  @Test
  default void aSliceOfAnArrayIsPut() {
    store().put("slice", bytes("012345"), 2, 3);
    assertThat(text("slice")).hasValue("234");
  }

  @Test
  default void anEmptyObjectExists() {
    store().put("empty", new byte[0]);
    assertThat(text("empty")).hasValue("");
    assertThat(store().size("empty")).hasValue(0);
  }

  @Test
  default void putReplaces() {
    store().put("k", bytes("the first"));
    store().put("k", bytes("second"));
    assertThat(text("k")).hasValue("second");
  }

  @Test
  default void whatIsNotThereIsEmpty() {
    assertThat(store().get("no/such", LIMIT)).isEmpty();
    assertThat(store().size("no/such")).isEmpty();
    assertThat(store().list("no/")).isEmpty();
  }

  @Test
  default void deleteMayBeRepeated() {
    store().put("a/b", bytes("x"));
    store().delete("a/b");
    store().delete("a/b");
    assertThat(store().get("a/b", LIMIT)).isEmpty();
    assertThat(store().list("")).isEmpty();
  }

  @Test
  default void createLeavesWhatIsThere() {
    assertThat(store().create("c", bytes("first"))).isTrue();
    assertThat(store().create("c", bytes("second"))).isFalse();
    assertThat(text("c")).hasValue("first");
  }

  @Test
  default void ofRacingCreatorsOneWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "race/" + round;
      CyclicBarrier start = new CyclicBarrier(8);
      List<Callable<Boolean>> creators = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] mine = bytes("creator " + i);
        creators.add(
            () -> {
              start.await();
              return store().create(key, mine);
            });
      }
      List<Integer> winners = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<Boolean>> results = threads.invokeAll(creators);
        for (int i = 0; i < 8; i++) {
          if (results.get(i).get()) {
            winners.add(i);
          }
        }
      } finally {
        threads.shutdown();
      }
      assertThat(winners).hasSize(1);
      assertThat(text(key)).hasValue("creator " + winners.get(0));
    }
  }

  @Test
  default void listingsTakeAnyStringPrefix() {
    for (String key : List.of("a/b/1", "a/b/2", "a/bc", "a/c/1", "b", "ab")) {
      store().put(key, bytes(key));
    }
    assertThat(keys("a/b")).containsExactlyInAnyOrder("a/b/1", "a/b/2", "a/bc");
    assertThat(keys("a/b/")).containsExactlyInAnyOrder("a/b/1", "a/b/2");
    assertThat(keys("a")).containsExactlyInAnyOrder("a/b/1", "a/b/2", "a/bc", "a/c/1", "ab");
    assertThat(keys("")).hasSize(6);
    assertThat(store().list("b"))
        .singleElement()
        .satisfies(
            object -> {
              assertThat(object.size()).isEqualTo(1);
              assertThat(object.modified()).isNotNull();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"${sys.user.name}", "ü ß/名前", "a b+c%20&=?#", "x/'\"", "back\\slash", "a:b"})
  default void oddKeysAreJustKeys(String key) {
    store().put(key, bytes(key));
    assertThat(text(key)).hasValue(key);
    assertThat(keys("")).containsExactly(key);
    assertThat(store().create(key, bytes("again"))).isFalse();
    store().delete(key);
    assertThat(keys("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "a/.", ".tmp/x", "a\0b", "/", ".."})
  default void keysThatCouldLeaveTheStoreAreRefused(String key) {
    ObjectStore store = store();
    assertThatIllegalArgumentException().isThrownBy(() -> store.put(key, new byte[1]));
    assertThatIllegalArgumentException().isThrownBy(() -> store.create(key, new byte[1]));
    assertThatIllegalArgumentException().isThrownBy(() -> store.get(key, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> store.size(key));
    assertThatIllegalArgumentException().isThrownBy(() -> store.delete(key));
  }

  @Test
  default void keysOfTooManyBytesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().put("ü".repeat(128), new byte[1]))
        .withMessageContaining("255 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().put("long/".repeat(205) + "x", new byte[1]))
        .withMessageContaining("1024 bytes");
  }

  @Test
  default void anObjectOverTheLimitIsNotRead() {
    store().put("big", new byte[5000]);
    assertThat(store().get("big", 5000)).isPresent();
    assertThatThrownBy(() -> store().get("big", 4999))
        .isInstanceOf(ObjectTooLargeException.class)
        .hasMessageContaining("big")
        .hasMessageContaining("5000");
  }

  @Test
  default void anObjectIsReadIntoAnArray() {
    store().put("k", bytes("0123"));
    byte[] array = bytes("__________");

    assertThat(store().read("k", array)).hasValue(4);
    assertThat(array).isEqualTo(bytes("0123______"));
    assertThat(store().read("k", new byte[4])).hasValue(4);
    assertThat(store().read("no/such", array)).isEmpty();
    assertThatThrownBy(() -> store().read("k", new byte[3]))
        .isInstanceOf(ObjectTooLargeException.class);
  }

  private Optional<String> text(String key) {
    return store().get(key, LIMIT).map(found -> new String(found, StandardCharsets.UTF_8));
  }

  private List<String> keys(String prefix) {
    return store().list(prefix).map(ObjectStore.Info::key).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
