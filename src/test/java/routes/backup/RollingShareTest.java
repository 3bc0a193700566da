package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import routes.repository.format.ChunkId;

/** Which chunks have their turn on which day. */
class RollingShareTest {

  private static ChunkId id(byte[] bytes) {
    return new ChunkId(HexFormat.of().formatHex(bytes));
  }

  @Property
  void everyChunkHasItsTurnOnceInARound(
      @ForAll @Size(32) byte[] chunk,
      @ForAll @IntRange(min = 1, max = 100) int percent,
      @ForAll @IntRange(min = -100_000, max = 100_000) int day) {
    int days = RollingShare.of(percent, day).days();
    int turns = 0;
    for (int d = 0; d < days; d++) {
      turns += RollingShare.of(percent, day + d).contains(id(chunk)) ? 1 : 0;
    }
    assertThat(turns).isEqualTo(1);
  }

  @Test
  void aDayReadsAtLeastItsShareOfEvenlySpreadIds() {
    for (int percent : new int[] {1, 7, 10, 33, 50, 51, 100}) {
      RollingShare share = RollingShare.of(percent, 20_000);
      int read = 0;
      for (int i = 0; i < 10_000; i++) {
        byte[] bytes = ByteBuffer.allocate(32).putInt((int) (i * (1L << 32) / 10_000)).array();
        read += share.contains(id(bytes)) ? 1 : 0;
      }
      assertThat(read).as(percent + " %").isGreaterThanOrEqualTo(percent * 100 - 1);
    }
    assertThat(RollingShare.of(51, 3).isAll()).isTrue();
    assertThat(RollingShare.of(50, 3).isAll()).isFalse();
  }
}
