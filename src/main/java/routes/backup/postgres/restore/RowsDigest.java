package routes.backup.postgres.restore;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A digest of rows that does not depend on their order: the sum of their SHA-256, each of its four
 * words modulo 2⁶⁴, and their count. Rows end with the only {@code \n} in them and may come in
 * pieces of any size. Not thread-safe.
 */
final class RowsDigest {

  private final MessageDigest row = DigestUtils.getSha256Digest();
  private final long[] sums = new long[4];
  private long rows;

  /** Adds bytes of rows. */
  void update(byte[] bytes, int offset, int length) {
    int begin = offset;
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        row.update(bytes, begin, at + 1 - begin);
        ByteBuffer digest = ByteBuffer.wrap(row.digest());
        for (int i = 0; i < sums.length; i++) {
          sums[i] += digest.getLong();
        }
        rows++;
        begin = at + 1;
      }
    }
    row.update(bytes, begin, offset + length - begin);
  }

  long rows() {
    return rows;
  }

  /** Whether both saw the same rows, each as often. */
  boolean sameAs(RowsDigest other) {
    return rows == other.rows && Arrays.equals(sums, other.sums);
  }
}
