package routes.repository.chunks;

import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import routes.repository.format.ChunkId;
import routes.repository.format.RepositoryJson;
import routes.repository.store.ObjectStore;

/**
 * Marks on chunks that failed verification, as objects beside them: {@code quarantine/<id>}. The
 * chunk itself stays, since its other bytes may still help someone.
 */
public final class ChunkQuarantine {
  private static final String PREFIX = "quarantine/";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private record Mark(String why, Instant at) {}

  private ChunkQuarantine() {}

  public static String key(ChunkId id) {
    return PREFIX + id.hex();
  }

  public static void mark(ObjectStore store, ChunkId id, String why, Instant at) {
    store.put(key(id), RepositoryJson.write(new Mark(why, at)));
  }

  public static Set<ChunkId> list(ObjectStore store) {
    return store
        .list(PREFIX)
        .map(object -> object.key().substring(PREFIX.length()))
        .filter(name -> ID.matcher(name).matches())
        .map(ChunkId::new)
        .collect(Collectors.toUnmodifiableSet());
  }
}
