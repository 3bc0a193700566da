package routes.repository.chunks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line ends eight bytes at a time: a backup looks for one in each row of a database. */
final class LineEnds {

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long LINE_ENDS = '\n' * LOW;

  private LineEnds() {}

  /**
   * @return index behind the first {@code \n} in {@code [from, to)}; {@code to} when there is none
   */
  static int after(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      // A byte of it is zero where a line end is: the lowest one found is never a false alarm.
      long differs = (long) EIGHT.get(bytes, at) ^ LINE_ENDS;
      long zeros = (differs - LOW) & ~differs & HIGH;
      if (zeros != 0) {
        return at + (Long.numberOfTrailingZeros(zeros) >>> 3) + 1;
      }
    }
    for (; at < to; at++) {
      if (bytes[at] == '\n') {
        return at + 1;
      }
    }
    return to;
  }
}
