package routes.jobs.ledger;

/**
 * How the slots of one hub are shared out. Each hub counts its own: when each is fair, all are
 * together. "Late" runs are backfill and fires made up for after their time; the others are fresh.
 *
 * <p>Fresh runs go first. So that late ones never starve, every fourth slot is theirs while they
 * wait; so that a fresh run finds a slot, they never fill all. A hub of fewer than four slots has
 * none to set aside: there, every fourth claim is theirs.
 *
 * @param slots runs that this hub works on at a time, ≥ 1
 */
record SlotShares(int slots) {

  /** Slots that the runs of one trigger may fill: half, and at least one. */
  int ofOneTrigger() {
    return Math.max(1, slots / 2);
  }

  /** Slots that fresh runs may fill while late ones wait. */
  int ofFreshRuns() {
    return slots - slots / 4;
  }

  /** Slots that late runs may fill, whoever else waits. */
  int ofLateRuns() {
    return Math.max(1, slots - Math.max(1, slots / 4));
  }

  /**
   * Whether a late run goes first in a hub that has no slot to set aside.
   *
   * @param freshInARow claims since the last late run, ≥ 0
   */
  boolean lateTurn(int freshInARow) {
    return slots < 4 && freshInARow >= 3;
  }
}
