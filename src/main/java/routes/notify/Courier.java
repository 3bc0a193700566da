package routes.notify;

/** Brings one message to its target. */
interface Courier {

  /**
   * @throws Exception the target did not take it; an {@link UndeliveredException} says more
   */
  Answer bring(Message message) throws Exception;
}
