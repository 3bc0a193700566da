package routes.notify.transport;

/**
 * What a target said to a message that it took.
 *
 * @param status of HTTP; null: it has none
 * @param text what it said, {@value #MOST} characters at most, without control characters
 */
public record Answer(Integer status, String text) {

  static final int MOST = 2_048;

  public static final Answer TAKEN = new Answer(null, null);

  /** What can be kept and shown of anybody's text. */
  public static String clean(String text) {
    if (text == null) {
      return null;
    }
    String plain = text.replaceAll("\\p{Cntrl}+|[\\uFFFE\\uFFFF]+", " ").strip();
    int end = Math.min(MOST, plain.length());
    return plain.substring(
        0, end > 0 && Character.isHighSurrogate(plain.charAt(end - 1)) ? end - 1 : end);
  }
}
