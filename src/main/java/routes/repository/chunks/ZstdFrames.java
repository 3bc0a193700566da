package routes.repository.chunks;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * One zstd frame per call, with its content size and checksum, made and read through small buffers
 * outside the heap.
 *
 * <p>The binding's calls on arrays hold the heap still (JNI's critical sections) for as long as a
 * whole chunk takes: each collection of every other thread waits for them. Through buffers of our
 * own the heap is touched for a copy only, and the frame is as long as one made at once. Not
 * thread-safe.
 */
final class ZstdFrames implements AutoCloseable {

  /** What is handed to zstd at once; its own blocks are half of it. */
  private static final int PIECE = 256 << 10;

  private final ZstdCompressCtx compressor = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private final ByteBuffer in = ByteBuffer.allocateDirect(PIECE);
  private final ByteBuffer out = ByteBuffer.allocateDirect(PIECE);

  /**
   * @param level zstd's, 1 (fast) to 19 (small)
   */
  ZstdFrames(int level) {
    compressor.setLevel(level).setContentSize(true).setChecksum(true);
  }

  /**
   * @param plain one byte at least
   * @param into filled from its beginning; {@code Zstd.compressBound(length)} bytes are enough
   * @return bytes of the frame
   */
  int compress(byte[] plain, int offset, int length, byte[] into) {
    compressor.setPledgedSrcSize(length);
    int read = 0;
    int written = 0;
    boolean ended = false;
    while (!ended) {
      int piece = Math.min(PIECE, length - read);
      in.clear().put(plain, offset + read, piece).flip();
      read += piece;
      EndDirective then = read == length ? EndDirective.END : EndDirective.CONTINUE;
      boolean drained = false;
      while (!drained) {
        boolean flushed = compressor.compressDirectByteBufferStream(out.clear(), in, then);
        written = drain(into, written, out.flip().remaining());
        drained = then == EndDirective.END ? flushed : !in.hasRemaining();
      }
      ended = read == length;
    }
    return written;
  }

  /**
   * Reads a frame whose own claim of its size was compared with {@code plain} before.
   *
   * @param length bytes of the frame, and of nothing else
   * @param into filled from its beginning
   * @param plain how many bytes it must decode to
   * @throws ChunkCodec.BadChunkException it is damaged, or longer or shorter than it says
   */
  void decompress(byte[] frame, int length, byte[] into, int plain)
      throws ChunkCodec.BadChunkException {
    decompressor.reset();
    int read = 0;
    int written = 0;
    boolean ended = false;
    try {
      in.clear().flip();
      while (!ended && written <= plain) {
        if (!in.hasRemaining()) {
          int piece = Math.min(PIECE, length - read);
          in.clear().put(frame, read, piece).flip();
          read += piece;
        }
        ended = decompressor.decompressDirectByteBufferStream(out.clear(), in);
        int size = out.flip().remaining();
        drain(into, written, Math.min(size, plain - written));
        written += size;
        if (!ended && size == 0 && read == length && !in.hasRemaining()) {
          throw new ChunkCodec.BadChunkException("its frame ends before its last block");
        }
      }
    } catch (ZstdException e) {
      throw new ChunkCodec.BadChunkException("zstd cannot decode it: " + e.getMessage());
    }
    if (written != plain || read != length || in.hasRemaining()) {
      throw new ChunkCodec.BadChunkException(
          "it decodes to " + written + " bytes where the manifest names " + plain);
    }
  }

  /** What a frame claims to decode to; zstd's codes below zero when it claims nothing. */
  static long claim(byte[] frame, int length) {
    return Zstd.getFrameContentSize(frame, 0, length);
  }

  private int drain(byte[] into, int at, int size) {
    out.get(into, at, size);
    return at + size;
  }

  @Override
  public void close() {
    compressor.close();
    decompressor.close();
  }
}
