package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import routes.repository.crypto.AgeFile;
import routes.repository.format.ChunkSizes;

class BufferPoolTest {
  private static final int MIB = 1 << 20;

  @Example
  void anArrayThatCameBackServesForEveryChunk() {
    BufferPool buffers = new BufferPool(3);
    byte[] first = buffers.take(MIB);
    buffers.give(first);

    assertThat(buffers.take(8 * MIB)).isSameAs(first);
    assertThat(buffers.take(8 * MIB)).isNotSameAs(first);
  }

  @Example
  void theLargestChunkFitsSealedForManyAsWell() {
    int plain = ChunkSizes.DEFAULT.max();
    try (ZstdCodec zstd = new ZstdCodec()) {
      assertThat(AgeFile.size(zstd.maxStored(plain), 50)).isLessThanOrEqualTo(BufferPool.LENGTH);
    }
  }

  @Example
  void otherSizesAreNotKept() {
    BufferPool buffers = new BufferPool(3);
    for (int size : new int[] {0, 1000, BufferPool.LENGTH + 1, ChunkSizes.FORMAT_MAX}) {
      byte[] array = buffers.take(size);
      assertThat(array).hasSize(size);
      buffers.give(array);
    }
    assertThat(buffers.kept()).isZero();
  }

  @Example
  void oneIsKeptWhileItIsLargeEnough() {
    BufferPool buffers = new BufferPool(3);
    byte[] small = buffers.grown(new byte[0], 100);
    byte[] large = buffers.grown(small, MIB);

    assertThat(large).isNotSameAs(small);
    assertThat(buffers.grown(large, 7 * MIB)).isSameAs(large);
    assertThat(buffers.grown(large, ChunkSizes.FORMAT_MAX)).isNotSameAs(large);
    assertThat(buffers.take(MIB)).isSameAs(large);
  }

  @Property(tries = 200)
  void noneHasTwoUsersAndNoMoreAreKeptThanMayBe(@ForAll @Size(max = 40) List<Boolean> takes) {
    BufferPool buffers = new BufferPool(2);
    Deque<byte[]> used = new ArrayDeque<>();
    Set<byte[]> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
    for (boolean take : takes) {
      if (take && used.size() < 4) {
        byte[] array = buffers.take(MIB);
        assertThat(inUse.add(array)).isTrue();
        used.add(array);
      } else if (!used.isEmpty()) {
        inUse.remove(used.peek());
        buffers.give(used.poll());
      }
      assertThat(buffers.kept()).isBetween(0, 2);
    }
  }
}
