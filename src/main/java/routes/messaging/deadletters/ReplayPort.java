package routes.messaging.deadletters;

/**
 * A bean for each port whose dead letters can be replayed: {@code direct:<port>} takes a letter's
 * body as bytes with its headers, and finds the {@link DeadLetters.Letter} itself in the exchange
 * property {@link #LETTER}. No port is called that has no such bean, whatever a row says.
 *
 * @param port such as {@code redteam.ingest}
 */
public record ReplayPort(String port) {

  /** Exchange property: the letter that is replayed. */
  public static final String LETTER = "replayedLetter";
}
