package routes.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import routes.repository.chunks.ChunkCodec;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkSizes;
import routes.repository.format.Hmac;

class AgeCodecTest {
  private static final RepositoryKey KEY = RepositoryKey.parse("0b".repeat(32));
  private static final TestIdentity ADA = TestIdentity.generate();
  private static final TestIdentity BOB = TestIdentity.generate();
  private static final TestIdentity EVE = TestIdentity.generate();
  private static final Recipients BOTH =
      Recipients.parse(List.of(ADA.recipient(), BOB.recipient()));

  private static byte[] seal(byte[] plain) {
    try (AgeCodec codec = AgeCodec.sealing(KEY, BOTH)) {
      ChunkCodec.Sealed sealed = codec.seal(plain, 0, plain.length);
      return Arrays.copyOf(sealed.bytes(), sealed.length());
    }
  }

  private static byte[] open(TestIdentity by, byte[] stored, int plainSize)
      throws ChunkCodec.BadChunkException {
    byte[] plain = new byte[plainSize];
    try (AgeCodec codec = AgeCodec.opening(KEY, BOTH, by.identities())) {
      codec.open(stored, plain, plainSize);
    }
    return plain;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Property(tries = 60)
  void whatIsSealedOpensForEachRecipientAlone(@ForAll @Size(min = 1, max = 5000) byte[] plain)
      throws Exception {
    byte[] stored = seal(plain);
    try (AgeCodec codec = AgeCodec.sealing(KEY, BOTH)) {
      assertThat(stored.length).isLessThanOrEqualTo(codec.maxStored(plain.length));
    }
    assertThat(open(ADA, stored, plain.length)).isEqualTo(plain);
    assertThat(open(BOB, stored, plain.length)).isEqualTo(plain);
    assertThatThrownBy(() -> open(EVE, stored, plain.length))
        .isInstanceOf(ChunkCodec.BadChunkException.class);
  }

  @Property(tries = 12)
  void sizesAroundThePiecesOfAgeAreRight(
      @ForAll @IntRange(min = 1, max = 3) int pieces, @ForAll @IntRange(min = -18, max = 18) int by)
      throws Exception {
    // Random bytes do not compress, so the frame is a little larger than the plain bytes.
    byte[] plain = random(pieces * 65_536 - 32 + by);
    assertThat(open(ADA, seal(plain), plain.length)).isEqualTo(plain);
  }

  @Example
  void theIdIsAnHmacThatDependsOnKeyAndRecipients() {
    byte[] plain = "abc".getBytes(StandardCharsets.US_ASCII);
    byte[] idKey =
        Hmac.of(
            HexFormat.of().parseHex("0b".repeat(32)),
            "chunk ids v1\n" + String.join("\n", BOTH.names()));
    try (AgeCodec codec = AgeCodec.sealing(KEY, BOTH);
        AgeCodec other = AgeCodec.sealing(KEY, Recipients.parse(List.of(ADA.recipient())));
        AgeCodec changed = AgeCodec.sealing(RepositoryKey.parse("0c".repeat(32)), BOTH)) {
      ChunkId id = codec.id(plain, 0, 3);
      assertThat(id.hex()).isEqualTo(HexFormat.of().formatHex(Hmac.of(idKey, "abc")));
      codec.hash(plain, 0, 1);
      codec.hash(plain, 1, 2);
      assertThat(codec.id()).isEqualTo(id);
      assertThat(other.id(plain, 0, 3)).isNotEqualTo(id);
      assertThat(changed.id(plain, 0, 3)).isNotEqualTo(id);
    }
  }

  @Example
  void everyFlippedBitOfEveryByteIsFound() {
    byte[] plain = "1\tAda\t\\N\n2\tGrace\t1906-12-09\n".getBytes(StandardCharsets.UTF_8);
    byte[] stored = seal(plain);
    byte[] into = new byte[plain.length];
    try (AgeCodec codec = AgeCodec.opening(KEY, BOTH, BOB.identities())) {
      for (int at = 0; at < stored.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          byte[] damaged = stored.clone();
          damaged[at] ^= (byte) (1 << bit);
          assertThatThrownBy(() -> codec.open(damaged, into, plain.length))
              .as("byte %d bit %d", at, bit)
              .isInstanceOf(ChunkCodec.BadChunkException.class);
        }
      }
    }
  }

  @Example
  void everyTruncationAndExtensionIsFound() {
    byte[] stored = seal(new byte[1000]);
    for (int length = 0; length <= stored.length + 20; length++) {
      byte[] cut = Arrays.copyOf(stored, length);
      if (length != stored.length) {
        assertThatThrownBy(() -> open(ADA, cut, 1000))
            .as("length %d", length)
            .isInstanceOf(ChunkCodec.BadChunkException.class);
      }
    }
  }

  @Example
  void aPieceThatIsMissingDoubledOrMovedIsFound() {
    int piece = 65_536 + 16;
    byte[] plain = random(200_000);
    byte[] stored = seal(plain);
    int header = AgeFile.size(1, 2) - 17;
    byte[] cut = Arrays.copyOf(stored, header + piece);
    byte[] swapped = stored.clone();
    System.arraycopy(stored, header, swapped, header + piece, piece);
    System.arraycopy(stored, header + piece, swapped, header, piece);
    byte[] shorter = new byte[stored.length - piece];
    System.arraycopy(stored, 0, shorter, 0, header);
    System.arraycopy(stored, header + piece, shorter, header, shorter.length - header);
    for (byte[] damaged : List.of(cut, swapped, shorter)) {
      assertThatThrownBy(() -> open(ADA, damaged, plain.length))
          .isInstanceOf(ChunkCodec.BadChunkException.class);
    }
  }

  @Property(tries = 200)
  void bytesThatAreNoAgeFileAreBadAndNothingElse(@ForAll @Size(max = 600) byte[] noise) {
    byte[] begun = "age-encryption.org/v1\n-> X25519 ".getBytes(StandardCharsets.US_ASCII);
    byte[] both = Arrays.copyOf(begun, begun.length + noise.length);
    System.arraycopy(noise, 0, both, begun.length, noise.length);
    for (byte[] bytes : List.of(noise, both)) {
      assertThatThrownBy(() -> open(ADA, bytes, 1000))
          .isInstanceOf(ChunkCodec.BadChunkException.class);
    }
  }

  @Example
  void aBombIsNotDecoded() {
    byte[] bomb = seal(new byte[ChunkSizes.FORMAT_MAX]);
    assertThat(bomb.length).isLessThan(3000);
    assertThatThrownBy(() -> open(ADA, bomb, 1000))
        .isInstanceOf(ChunkCodec.BadChunkException.class);
    byte[] large = seal(random(100_000));
    assertThatThrownBy(() -> open(ADA, large, 1000))
        .isInstanceOf(ChunkCodec.BadChunkException.class)
        .hasMessageContaining("too large");
  }

  @Example
  void aChunkForOtherRecipientsIsBad() {
    byte[] stored;
    try (AgeCodec codec = AgeCodec.sealing(KEY, Recipients.parse(List.of(ADA.recipient())))) {
      ChunkCodec.Sealed sealed = codec.seal(new byte[1000], 0, 1000);
      stored = Arrays.copyOf(sealed.bytes(), sealed.length());
    }
    assertThatThrownBy(() -> open(ADA, stored, 1000))
        .isInstanceOf(ChunkCodec.BadChunkException.class);
  }
}
