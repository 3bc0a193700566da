package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import routes.repository.format.ChunkId;

class ChunkSetTest {
  private static ChunkId id(Random random) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return ChunkId.of(digest);
  }

  @Test
  void itKnowsWhatWasAddedHoweverOften() {
    Random random = new Random(7);
    Set<ChunkId> real = new HashSet<>();
    ChunkSet set = new ChunkSet();
    assertThat(set.isEmpty()).isTrue();
    for (int i = 0; i < 5000; i++) {
      ChunkId id = id(random);
      real.add(id);
      set.add(id);
      set.add(id);
    }
    assertThatIllegalStateException().isThrownBy(() -> set.contains(id(random)));
    set.sort();

    assertThat(real).allMatch(set::contains);
    for (int i = 0; i < 5000; i++) {
      assertThat(set.contains(id(random))).isFalse();
    }
  }

  @Test
  void oneIsWithinAnotherThatHasAllOfIt() {
    Random random = new Random(7);
    ChunkSet small = new ChunkSet();
    ChunkSet great = new ChunkSet();
    for (int i = 0; i < 100; i++) {
      ChunkId id = id(random);
      small.add(id);
      great.add(id);
      great.add(id(random));
    }
    assertThat(small.isWithin(great)).isTrue();
    assertThat(great.isWithin(small)).isFalse();
    assertThat(new ChunkSet().isWithin(small)).isTrue();
  }
}
