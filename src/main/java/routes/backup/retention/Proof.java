package routes.backup.retention;

/** What is known of a snapshot's worth; the newest drill decides. */
public enum Proof {
  /** A drill restored it and found every row equal. */
  VERIFIED,
  /** No drill has looked at it, as with one that was just taken or imported. */
  UNPROVEN,
  /** A drill found it broken, or it names a chunk that is known to be. */
  DAMAGED;

  boolean isSound() {
    return this != DAMAGED;
  }
}
