package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import routes.repository.crypto.AgeCodec;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.crypto.TestIdentity;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.CorruptChunkException;
import routes.repository.store.MemoryStore;
import routes.repository.store.ObjectStore;

/**
 * Chunks may be read in any order, by any number of readers, as often as one likes: each read gives
 * what was sealed, and a damaged chunk spoils no other read. Encrypted as well as plain.
 */
class ChunkReadsTest {
  private static final RepositoryKey KEY = RepositoryKey.parse("0b".repeat(32));
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final Recipients RECIPIENTS = Recipients.parse(List.of(ADA.recipient()));

  /** age cuts what it seals into pieces of 64 KiB: of less than one, one, and several. */
  private static final int[] SIZES = {1, 300, 65_000, 66_000, 200_000};

  private static final int READERS = 3;
  private static final Stored PLAIN = store(new MemoryStore(), false);
  private static final Stored ENCRYPTED = store(new MemoryStore(), true);

  /**
   * Some chunks in a store, and how each is read.
   *
   * @param damaged the same chunk as the first one, with a byte changed
   */
  private record Stored(
      ObjectStore store,
      boolean encrypted,
      List<byte[]> plain,
      List<ChunkRef> refs,
      ChunkRef damaged) {

    ChunkReader reader() {
      return new ChunkReader(
          store, encrypted ? AgeCodec.opening(KEY, RECIPIENTS, ADA.identities()) : new ZstdCodec());
    }

    /**
     * @param which index of a chunk; as many as there are: the damaged one
     */
    void read(ChunkReader reader, int which) {
      if (which == refs.size()) {
        assertThatThrownBy(() -> reader.read(damaged)).isInstanceOf(CorruptChunkException.class);
        return;
      }
      ByteBuffer read = reader.read(refs.get(which));
      assertThat(read).isEqualTo(ByteBuffer.wrap(plain.get(which)));
    }
  }

  private static Stored store(ObjectStore store, boolean encrypted) {
    List<byte[]> plain = new ArrayList<>();
    List<ChunkRef> refs = new ArrayList<>();
    try (ChunkCodec codec = encrypted ? AgeCodec.sealing(KEY, RECIPIENTS) : new ZstdCodec()) {
      for (int size : SIZES) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        plain.add(bytes);
        refs.add(seal(store, codec, bytes, false));
      }
      return new Stored(
          store, encrypted, plain, refs, seal(store, codec, new byte[] {1, 2, 3}, true));
    }
  }

  private static ChunkRef seal(ObjectStore store, ChunkCodec codec, byte[] bytes, boolean damage) {
    ChunkId id = codec.id(bytes, 0, bytes.length);
    ChunkCodec.Sealed sealed = codec.seal(bytes, 0, bytes.length);
    byte[] stored = java.util.Arrays.copyOf(sealed.bytes(), sealed.length());
    if (damage) {
      stored[stored.length - 1] ^= 1;
    }
    store.create(id.key(), stored);
    return new ChunkRef(id, 1, bytes.length, stored.length);
  }

  @Property(tries = 60)
  void oneReaderReadsInAnyOrderAndAgain(
      @ForAll boolean encrypted, @ForAll("reads") List<Integer> reads) {
    Stored stored = encrypted ? ENCRYPTED : PLAIN;
    try (ChunkReader reader = stored.reader()) {
      reads.forEach(which -> stored.read(reader, which));
    }
  }

  @Property(tries = 60)
  void readersThatTakeTurnsDoNotDisturbEachOther(
      @ForAll boolean encrypted, @ForAll("reads") List<Integer> reads) {
    Stored stored = encrypted ? ENCRYPTED : PLAIN;
    try (ChunkReader one = stored.reader();
        ChunkReader other = stored.reader()) {
      for (int i = 0; i < reads.size(); i++) {
        stored.read(i % 2 == 0 ? one : other, reads.get(i));
      }
    }
  }

  @Property(tries = 20)
  void readersAtOnceDoNotDisturbEachOther(
      @ForAll boolean encrypted, @ForAll("reads") List<Integer> reads) throws Exception {
    Stored stored = encrypted ? ENCRYPTED : PLAIN;
    CyclicBarrier together = new CyclicBarrier(READERS);
    ExecutorService pool = Executors.newFixedThreadPool(READERS);
    try {
      Callable<Void> work =
          () -> {
            try (ChunkReader reader = stored.reader()) {
              together.await();
              reads.forEach(which -> stored.read(reader, which));
            }
            return null;
          };
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        all.add(pool.submit(work));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Indexes of chunks, many of them twice in a row. */
  @Provide
  Arbitrary<List<Integer>> reads() {
    return Arbitraries.integers()
        .between(0, SIZES.length)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(some -> some.stream().flatMap(one -> java.util.stream.Stream.of(one, one)).toList());
  }
}
