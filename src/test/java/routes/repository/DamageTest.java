package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.repository.RepositoryFixture.NOW;
import static routes.repository.RepositoryFixture.rows;
import static routes.repository.RepositoryFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkReader;
import routes.repository.chunks.ZstdCodec;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptChunkException;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.MissingChunkException;
import routes.repository.format.SnapshotId;
import routes.repository.store.TestStore;

/** What was changed behind our back is found when it is read. */
class DamageTest {
  @TempDir Path folder;
  private RepositoryFixture fixture;
  private Repository repository;
  private TestStore store;

  @BeforeEach
  void open() {
    fixture = new RepositoryFixture(folder);
    repository = fixture.repository;
    store = fixture.store;
  }

  @Test
  void everyFlippedByteOfAManifestIsFound() throws IOException {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 5));
    String key = "snapshots/shop/" + id + "/manifest.json";
    byte[] json = store.get(key, 1 << 20).orElseThrow();
    for (int at = 0; at < json.length; at++) {
      byte[] damaged = json.clone();
      damaged[at] ^= (byte) (1 + at % 255);
      Files.write(folder.resolve(key), damaged); // no need to force hundreds of these to disk
      assertThatThrownBy(() -> repository.read("shop", id))
          .isInstanceOf(CorruptManifestException.class)
          .hasMessageContaining(key);
    }
    store.put(key, json);
    assertThat(repository.read("shop", id)).isNotNull();
  }

  @Test
  void aManifestMovedToAnotherNameIsFound() {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 5));
    byte[] json = store.get("snapshots/shop/" + id + "/manifest.json", 1 << 20).orElseThrow();
    store.put("snapshots/other/" + id + "/manifest.json", json);
    assertThatThrownBy(() -> repository.read("other", id))
        .isInstanceOf(CorruptManifestException.class)
        .hasMessageContaining("it is of shop");
    SnapshotId younger = new SnapshotId("20990101T000000Z" + id.value().substring(16));
    store.put("snapshots/shop/" + younger + "/manifest.json", json);
    assertThatThrownBy(() -> repository.read("shop", younger))
        .isInstanceOf(CorruptManifestException.class);
  }

  @Test
  void damagedAndMissingChunksAreTold() throws IOException {
    SnapshotId id = fixture.publish("shop", NOW, rows(0, 5));
    ChunkRef ref = repository.read("shop", id).entries().get(0).chunks().get(0);
    byte[] stored = store.get(ref.id().key(), 1 << 20).orElseThrow();
    try (ChunkReader reader = new ChunkReader(store, new ZstdCodec())) {
      for (int at = 0; at < stored.length; at++) {
        byte[] damaged = stored.clone();
        damaged[at] ^= 0x10;
        Files.write(folder.resolve(ref.id().key()), damaged);
        assertThatThrownBy(() -> reader.read(ref))
            .isInstanceOfSatisfying(
                CorruptChunkException.class, e -> assertThat(e.id()).isEqualTo(ref.id()));
      }
      store.put(ref.id().key(), new byte[1 << 20]);
      assertThatThrownBy(() -> reader.read(ref)).isInstanceOf(CorruptChunkException.class);
      store.delete(ref.id().key());
      assertThatThrownBy(() -> reader.read(ref))
          .isInstanceOf(MissingChunkException.class)
          .hasMessageContaining(ref.id().key());
    }
  }

  @Test
  void aSoundChunkUnderTheWrongNameIsCorrupt() {
    fixture.publish("shop", NOW, rows(0, 5));
    List<ChunkRef> two;
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      two = List.of(write(pipeline, rows(2, 3)).get(0), write(pipeline, rows(3, 4)).get(0));
    }
    store.put(two.get(0).id().key(), store.get(two.get(1).id().key(), 1 << 20).orElseThrow());
    try (ChunkReader reader = new ChunkReader(store, new ZstdCodec())) {
      assertThatThrownBy(() -> reader.read(two.get(0)))
          .isInstanceOf(CorruptChunkException.class)
          .hasMessageContaining("its content has the id " + two.get(1).id());
    }
  }
}
