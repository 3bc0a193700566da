package routes.messaging.outbox;

/**
 * Is told of every event in the transaction that writes it, so that what it makes of it is there
 * exactly when the event is, also while Redis is down. What it throws undoes the change that the
 * event tells of: it must not fail for what an event holds.
 */
@FunctionalInterface
public interface EventFanout {

  /**
   * @param channel such as {@code backup}
   * @param event new: one that was written before is not told again
   */
  void appended(String channel, HubEvent event);
}
