package routes.repository;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import routes.repository.chunks.ChunkSet;
import routes.repository.format.ChunkId;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.RepositoryJson;
import routes.repository.store.ObjectStore;

/**
 * {@code sweep/<time>-<run>.json}: what nothing named when a sweep looked. A later sweep deletes
 * what is still the same then; a backup meanwhile sends a marked chunk again instead of naming it.
 *
 * @param run who looked
 * @param at when it had looked
 * @param chunks that no manifest named
 * @param folders of snapshots without a manifest, with a slash at the end
 */
@JsonPropertyOrder({"run", "at", "chunks", "folders"})
record MarkList(String run, Instant at, List<Chunk> chunks, List<String> folders) {

  /**
   * A chunk as the listing showed it: one that was sent again since is another.
   *
   * @param stored size of the object, bytes
   * @param modified by the store's clock, never compared with ours
   */
  record Chunk(ChunkId id, long stored, Instant modified) {}

  private static final String PREFIX = "sweep/";
  private static final int LIMIT = 256 << 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  MarkList {
    if (run == null || at == null || chunks == null || folders == null) {
      throw new IllegalArgumentException("a mark list needs run, at, chunks and folders");
    }
  }

  boolean isEmpty() {
    return chunks.isEmpty() && folders.isEmpty();
  }

  long bytes() {
    return chunks.stream().mapToLong(Chunk::stored).sum();
  }

  void write(ObjectStore store) {
    store.put(PREFIX + TIME.format(at) + "-" + run + ".json", RepositoryJson.write(this));
  }

  /** All there are, by key. One that cannot be read marks nothing, so it deletes nothing either. */
  static SortedMap<String, MarkList> all(ObjectStore store) {
    SortedMap<String, MarkList> all = new TreeMap<>();
    for (String key : store.list(PREFIX).map(ObjectStore.Info::key).toList()) {
      store
          .get(key, LIMIT)
          .ifPresent(
              json -> {
                try {
                  all.put(key, RepositoryJson.read(key, json, MarkList.class));
                } catch (CorruptManifestException e) {
                  all.put(key, new MarkList("unreadable", Instant.EPOCH, List.of(), List.of()));
                }
              });
    }
    return all;
  }

  /** Every marked chunk. */
  static ChunkSet marked(ObjectStore store) {
    ChunkSet marked = new ChunkSet();
    all(store).values().forEach(list -> list.chunks().forEach(chunk -> marked.add(chunk.id())));
    return marked.sort();
  }
}
