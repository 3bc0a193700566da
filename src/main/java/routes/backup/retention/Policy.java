package routes.backup.retention;

import java.time.Duration;
import java.time.ZoneId;

/**
 * How much is kept. A snapshot stays when any rule keeps it; greater numbers keep more.
 *
 * @param within all that are at most this much older than the newest; zero: none by this rule
 * @param last the newest, count, ≥ 1
 * @param hourly one for each of the newest hours that have one, count
 * @param daily the same for days of the calendar
 * @param weekly the same for weeks, Monday to Sunday
 * @param monthly the same for months
 * @param yearly the same for years
 * @param minVerified the newest proven ones, count, ≥ 1
 * @param shrinkLimit nothing goes while the newest snapshot has less than this share of the bytes
 *     that its predecessors had, 0 to 1; 0: never mind
 * @param zone whose hours and days
 */
public record Policy(
    Duration within,
    int last,
    int hourly,
    int daily,
    int weekly,
    int monthly,
    int yearly,
    int minVerified,
    double shrinkLimit,
    ZoneId zone) {

  /**
   * @throws IllegalArgumentException naming what is out of its bounds
   */
  public Policy {
    if (within.isNegative()) {
      throw new IllegalArgumentException("keep-within must not be negative");
    }
    if (last < 1 || minVerified < 1) {
      throw new IllegalArgumentException("keep-last and min-verified must be 1 or more");
    }
    if (hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0) {
      throw new IllegalArgumentException(
          "keep-hourly, -daily, -weekly, -monthly and -yearly must be 0 or more");
    }
    if (!(shrinkLimit >= 0 && shrinkLimit <= 1)) {
      throw new IllegalArgumentException("shrink-limit must be from 0 to 1");
    }
  }
}
