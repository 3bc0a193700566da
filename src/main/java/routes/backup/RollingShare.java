package routes.backup;

import routes.repository.format.ChunkId;

/**
 * Which chunks a day's share of a rolling verification reads: all of them are split evenly over a
 * few days by their ids, so every chunk has its turn once in {@code days}, whatever comes and goes.
 *
 * @param days length of the round, ≥ 1
 * @param turn 0 to {@code days} − 1
 */
record RollingShare(int days, int turn) {

  private static final int DIGITS = 8;

  /**
   * @param percent at least this much of all is read each day, 1 to 100
   * @param epochDay counts days from any day on
   */
  static RollingShare of(int percent, long epochDay) {
    // 100 / percent, rounded down: a share that does not divide 100 is rounded up.
    int days = Math.max(1, 100 / percent);
    return new RollingShare(days, (int) Math.floorMod(epochDay, (long) days));
  }

  boolean isAll() {
    return days == 1;
  }

  boolean contains(ChunkId id) {
    long place = Long.parseLong(id.hex().substring(0, DIGITS), 16);
    return (place * days >>> (4 * DIGITS)) == turn;
  }
}
