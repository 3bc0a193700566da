package routes.backup.imports;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a file holds, however it is compressed; its first bytes tell, not its name. */
final class Decompression {

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final byte[] CUSTOM = {'P', 'G', 'D', 'M', 'P'};

  private Decompression() {}

  /**
   * @throws RefusedException when it is nothing that holds a plain dump
   */
  static InputStream of(InputStream file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(file, 64 << 10);
    in.mark(CUSTOM.length);
    byte[] begin = in.readNBytes(CUSTOM.length);
    in.reset();
    if (begin.length == 0) {
      throw new RefusedException("is empty");
    }
    if (begins(begin, CUSTOM)) {
      throw new RefusedException(
          "is a custom archive (pg_dump -Fc): only plain dumps are taken over; pg_restore -f"
              + " makes one of it");
    }
    if (begins(begin, GZIP)) {
      return new Gunzip(in);
    }
    return begins(begin, ZSTD) ? new ZstdInputStreamNoFinalizer(in) : in;
  }

  private static boolean begins(byte[] bytes, byte[] with) {
    return bytes.length >= with.length
        && java.util.Arrays.equals(bytes, 0, with.length, with, 0, with.length);
  }
}
