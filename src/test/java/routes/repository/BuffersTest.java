package routes.repository;

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
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BuffersTest {
  private static final int MIB = 1 << 20;

  @Example
  void anArrayThatCameBackServesAgainAlsoForLess() {
    Buffers buffers = new Buffers(16 * MIB);
    byte[] first = buffers.take(3 * MIB - 5);
    buffers.give(first);

    assertThat(buffers.take(2 * MIB + 1)).isSameAs(first);
    assertThat(buffers.take(2 * MIB + 1)).isNotSameAs(first);
  }

  @Example
  void oneIsKeptWhileItIsLargeEnough() {
    Buffers buffers = new Buffers(16 * MIB);
    byte[] first = buffers.grown(new byte[0], MIB);

    assertThat(buffers.grown(first, MIB)).isSameAs(first);
    assertThat(buffers.kept()).isZero();
    assertThat(buffers.grown(first, MIB + 1)).hasSize(2 * MIB);
    assertThat(buffers.take(1)).isSameAs(first);
  }

  /** Takes for sizes > 0, gives back the oldest for 0. */
  @Property(tries = 200)
  void noneHasTwoUsersAndNoMoreIsKeptThanMayBe(
      @ForAll @Size(max = 60) List<@IntRange(max = 5) Integer> steps) {
    Buffers buffers = new Buffers(6 * MIB);
    Deque<byte[]> used = new ArrayDeque<>();
    Set<byte[]> inUse = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int size : steps) {
      if (size > 0) {
        byte[] array = buffers.take(size * MIB);
        assertThat(array.length).isGreaterThanOrEqualTo(size * MIB);
        assertThat(inUse.add(array)).isTrue();
        used.add(array);
      } else if (!used.isEmpty()) {
        inUse.remove(used.peek());
        buffers.give(used.poll());
      }
      assertThat(buffers.kept()).isBetween(0L, 6L * MIB);
    }
  }
}
