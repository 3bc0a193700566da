package routes.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest implements ObjectStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-20T03:00:00Z");

  @TempDir Path home;
  private Path folder;
  private FileObjectStore store;

  @BeforeEach
  void open() {
    folder = home.resolve("not/yet/there");
    store = openAt(NOW);
  }

  private FileObjectStore openAt(Instant now) {
    return FileObjectStore.open(folder, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Test
  void whatAKilledWriterLeftIsNoObject() throws IOException {
    store.put("chunks/aa/x", new byte[10]);
    Path half = Files.write(folder.resolve(".tmp/put123"), new byte[5]);
    Files.setLastModifiedTime(half, FileTime.from(NOW));

    assertThat(store.list("").map(ObjectStore.Info::key)).containsExactly("chunks/aa/x");
    openAt(NOW.plus(Duration.ofHours(23)));
    assertThat(half).as("it may be another process's").exists();
    openAt(NOW.plus(Duration.ofHours(25)));
    assertThat(half).doesNotExist();
    assertThat(store.size("chunks/aa/x")).hasValue(10);
  }

  @Test
  void nothingStaysInTheTemporaryFolder() throws IOException {
    store.put("a", new byte[1]);
    store.put("a", new byte[2]);
    store.create("b", new byte[1]);
    store.create("b", new byte[1]);
    try (Stream<Path> left = Files.list(folder.resolve(".tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void onlyTheOwnerReads() throws IOException {
    store.put("a/b", new byte[1]);
    store.create("a/c", new byte[1]);
    assertThat(mode("a")).isEqualTo("rwx------");
    assertThat(mode("a/b")).isEqualTo("rw-------");
    assertThat(mode("a/c")).isEqualTo("rw-------");
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path outside = Files.writeString(home.resolve("secret"), "secret");
    Files.createSymbolicLink(folder.resolve("link"), outside);
    assertThat(store.get("link", 100)).isEmpty();
    assertThat(store.size("link")).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void aFolderThatCannotBeUsedIsNamed() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");
    assertThatThrownBy(() -> FileObjectStore.open(file.resolve("x"), Clock.systemUTC()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("mounted");
    store.put("a", new byte[1]);
    assertThatThrownBy(() -> store.put("a/b", new byte[1]))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("a/b");
  }

  @Test
  void listingsDoNotRunAheadOfTheirReader() {
    for (String key : List.of("a/1", "b/1", "c/1")) {
      store.put(key, new byte[1]);
    }
    assertThat(store.list("").findFirst()).isPresent();
    assertThat(store.list("").limit(2)).hasSize(2);
  }
}
