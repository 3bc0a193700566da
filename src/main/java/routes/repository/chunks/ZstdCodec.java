package routes.repository.chunks;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import org.apache.commons.codec.digest.DigestUtils;
import routes.repository.format.ChunkId;

/**
 * Chunks without encryption: one zstd frame with its content size and checksum, then a skippable
 * frame with the CRC-32C of the first.
 *
 * <p>The second frame is there because zstd has bits that no decoder looks at (the unused bit of
 * the frame header, padding of entropy tables): a flip there would pass both zstd's checksum and
 * the SHA-256 of the plain bytes, and we promise that every flipped byte is found. {@code zstd -d}
 * skips it.
 */
public final class ZstdCodec implements ChunkCodec {
  /** Fast enough to keep up with COPY; higher levels cost more time than they save in bytes. */
  public static final int DEFAULT_LEVEL = 1;

  /** One of the 16 magic numbers that zstd reserves for skippable frames. */
  private static final int SKIPPABLE_MAGIC = 0x184D2A5C;

  /** Magic, length of the rest (4), CRC-32C of the zstd frame; each little-endian, 4 bytes. */
  private static final int TRAILER = 12;

  private static final byte[] NONE = new byte[0];

  private final MessageDigest digest = DigestUtils.getSha256Digest();
  private final CRC32C crc = new CRC32C();
  private final ZstdFrames frames;
  private byte[] sealed = NONE;

  public ZstdCodec() {
    this(DEFAULT_LEVEL);
  }

  /**
   * @param level zstd's, 1 (fast) to 19 (small)
   */
  public ZstdCodec(int level) {
    frames = new ZstdFrames(level);
  }

  @Override
  public void hash(byte[] plain, int offset, int length) {
    digest.update(plain, offset, length);
  }

  @Override
  public ChunkId id() {
    return ChunkId.of(digest.digest());
  }

  @Override
  public int maxStored(int plain) {
    return Math.toIntExact(Zstd.compressBound(plain)) + TRAILER;
  }

  @Override
  public Sealed seal(byte[] plain, int offset, int length) {
    int bound = maxStored(length);
    sealed = BufferPool.SHARED.grown(sealed, bound);
    int frame = frames.compress(plain, offset, length, sealed);
    trailer(sealed, frame)
        .putInt(SKIPPABLE_MAGIC)
        .putInt(Integer.BYTES)
        .putInt(crcOf(sealed, frame));
    return new Sealed(sealed, frame + TRAILER);
  }

  @Override
  public void open(byte[] stored, int length, byte[] into, int plainSize) throws BadChunkException {
    int frame = length - TRAILER;
    if (frame < 1) {
      throw new BadChunkException("it has only " + length + " bytes");
    }
    ByteBuffer trailer = trailer(stored, frame);
    if (trailer.getInt() != SKIPPABLE_MAGIC
        || trailer.getInt() != Integer.BYTES
        || trailer.getInt() != crcOf(stored, frame)) {
      throw new BadChunkException("its stored bytes do not have their checksum");
    }
    // The frame's own claim is looked at before a byte is decoded, and decoding is bounded by it.
    long claimed = ZstdFrames.claim(stored, frame);
    if (claimed != plainSize) {
      throw new BadChunkException(
          "its frame claims " + claimed + " plain bytes where the manifest names " + plainSize);
    }
    frames.decompress(stored, frame, into, plainSize);
  }

  private static ByteBuffer trailer(byte[] stored, int frame) {
    return ByteBuffer.wrap(stored, frame, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int crcOf(byte[] bytes, int length) {
    crc.reset();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    frames.close();
    BufferPool.SHARED.give(sealed);
    sealed = NONE;
  }
}
