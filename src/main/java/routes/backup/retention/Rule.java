package routes.backup.retention;

/** Why a snapshot stays, or goes. */
public enum Rule {
  /** Nothing of its source goes: see {@link RetentionPlan#refusal}. */
  REFUSED,
  /** The clock or the snapshot is wrong; neither is a reason to delete. */
  FUTURE,
  HELD,
  IN_USE,
  /** One of the newest proven ones. */
  VERIFIED,
  WITHIN,
  LAST,
  HOURLY,
  DAILY,
  WEEKLY,
  MONTHLY,
  YEARLY,
  /** No rule has a place for it: the one reason to remove. */
  NONE
}
