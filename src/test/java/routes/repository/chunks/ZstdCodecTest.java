package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import routes.repository.format.ChunkSizes;

class ZstdCodecTest {
  private ZstdCodec codec;

  @BeforeTry
  void open() {
    codec = new ZstdCodec();
  }

  @AfterTry
  void close() {
    codec.close();
  }

  private byte[] seal(byte[] plain) {
    ChunkCodec.Sealed sealed = codec.seal(plain, 0, plain.length);
    return Arrays.copyOf(sealed.bytes(), sealed.length());
  }

  private byte[] open(byte[] stored, int plainSize) throws ChunkCodec.BadChunkException {
    byte[] plain = new byte[plainSize];
    codec.open(stored, plain, plainSize);
    return plain;
  }

  @Property(tries = 200)
  void whatIsSealedOpens(@ForAll @Size(min = 1, max = 5000) byte[] plain) throws Exception {
    byte[] stored = seal(plain);
    assertThat(stored.length).isLessThanOrEqualTo(codec.maxStored(plain.length));
    assertThat(open(stored, plain.length)).isEqualTo(plain);
  }

  @Property(tries = 50)
  void anyZstdDecoderReadsIt(@ForAll @Size(min = 1, max = 5000) byte[] plain) throws IOException {
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(seal(plain)))) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
  }

  /** Frames go through zstd in pieces of 256 KiB: no length beside one is special. */
  @Property(tries = 60)
  void framesOfManyPiecesAreWholeAndSayTheirSize(
      @ForAll @IntRange(min = 0, max = 9) int pieces,
      @ForAll @IntRange(min = -2, max = 2) int more,
      @ForAll long seed,
      @ForAll boolean dense)
      throws Exception {
    byte[] plain = new byte[Math.max(1, pieces * (256 << 10) + more)];
    new Random(seed).nextBytes(plain);
    for (int at = 0; at < plain.length && !dense; at++) {
      plain[at] &= 3;
    }
    byte[] stored = seal(plain);

    assertThat(stored.length).isLessThanOrEqualTo(codec.maxStored(plain.length));
    assertThat(Zstd.getFrameContentSize(stored)).isEqualTo(plain.length);
    assertThat(Zstd.decompress(stored, plain.length)).isEqualTo(plain);
    assertThat(open(stored, plain.length)).isEqualTo(plain);
  }

  @Example
  void framesMadeAtOnceOpenToo() throws Exception {
    byte[] plain = new byte[3 << 20];
    new Random(1).nextBytes(plain);
    byte[] stored = withTrailer(Zstd.compress(plain));
    assertThat(open(stored, plain.length)).isEqualTo(plain);
  }

  @Example
  void aCodecThatMetDamageOpensTheNextChunk() throws Exception {
    byte[] plain = new byte[1 << 20];
    new Random(1).nextBytes(plain);
    byte[] frame = Zstd.compress(plain);
    byte[] cut = withTrailer(Arrays.copyOf(frame, frame.length / 2));
    assertThatThrownBy(() -> open(cut, plain.length))
        .isInstanceOf(ChunkCodec.BadChunkException.class)
        .hasMessage("its frame ends before its last block");
    assertThat(open(withTrailer(frame), plain.length)).isEqualTo(plain);
  }

  @Example
  void theIdIsTheSha256OfThePlainBytes() {
    byte[] plain = "abc".getBytes(StandardCharsets.US_ASCII);
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(codec.id(plain, 0, 3).hex()).isEqualTo(expected);
    codec.hash(plain, 0, 1);
    codec.hash(plain, 1, 2);
    assertThat(codec.id().hex()).isEqualTo(expected);
  }

  @Example
  void everyFlipOfEveryByteIsFound() {
    byte[] plain = "1\tAda\t\\N\n2\tGrace\t1906-12-09\n".repeat(3).getBytes(StandardCharsets.UTF_8);
    byte[] stored = seal(plain);
    for (int at = 0; at < stored.length; at++) {
      for (int flip = 1; flip < 256; flip++) {
        byte[] damaged = stored.clone();
        damaged[at] ^= (byte) flip;
        assertThatThrownBy(() -> open(damaged, plain.length))
            .as("byte %d xor %d", at, flip)
            .isInstanceOf(ChunkCodec.BadChunkException.class);
      }
    }
  }

  @Example
  void everyTruncationAndExtensionIsFound() {
    byte[] stored = seal(new byte[1000]);
    for (int length = 0; length < stored.length; length++) {
      byte[] cut = Arrays.copyOf(stored, length);
      assertThatThrownBy(() -> open(cut, 1000)).isInstanceOf(ChunkCodec.BadChunkException.class);
    }
    byte[] longer = Arrays.copyOf(stored, stored.length + 1);
    assertThatThrownBy(() -> open(longer, 1000)).isInstanceOf(ChunkCodec.BadChunkException.class);
  }

  @Example
  void aFrameThatClaimsAnotherSizeIsNotDecoded() {
    byte[] bomb = seal(new byte[ChunkSizes.FORMAT_MAX]);
    assertThat(bomb.length).isLessThan(2000);
    assertThatThrownBy(() -> open(bomb, 1000))
        .isInstanceOf(ChunkCodec.BadChunkException.class)
        .hasMessageContaining("claims 16777216 plain bytes where the manifest names 1000");
  }

  @Example
  void aBombThatLiesAboutItsSizeIsStopped() {
    // Two frames: the first claims what the manifest says, the second is far more.
    byte[] honest = Zstd.compress(new byte[1000]);
    byte[] more = Zstd.compress(new byte[1 << 24]);
    byte[] both = Arrays.copyOf(honest, honest.length + more.length);
    System.arraycopy(more, 0, both, honest.length, more.length);
    assertThatThrownBy(() -> open(withTrailer(both), 1000))
        .isInstanceOf(ChunkCodec.BadChunkException.class);
    byte[] noZstd = "no frame at all".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> open(withTrailer(noZstd), 1000))
        .isInstanceOf(ChunkCodec.BadChunkException.class);
  }

  private static byte[] withTrailer(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame);
    return ByteBuffer.allocate(frame.length + 12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(frame)
        .putInt(0x184D2A5C)
        .putInt(4)
        .putInt((int) crc.getValue())
        .array();
  }
}
