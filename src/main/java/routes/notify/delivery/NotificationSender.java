package routes.notify.delivery;

import routes.notify.transport.Answer;
import routes.notify.transport.Message;
import routes.notify.transport.UndeliveredException;

/** Brings one message to its target. */
public interface NotificationSender {

  /**
   * @throws Exception the target did not take it; an {@link UndeliveredException} says more
   */
  Answer bring(Message message) throws Exception;
}
