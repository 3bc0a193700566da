package routes.web.operations;

import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key}: a repeat with the same key does nothing and is answered as
 * the first request was.
 *
 * @param value 1 to 200 visible ASCII characters, such as a UUID
 */
public record IdempotencyKey(String value) {

  /** Name of the header. */
  public static final String HEADER = "Idempotency-Key";

  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,200}");

  /**
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public IdempotencyKey {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "must be 1 to 200 visible ASCII characters, such as a UUID");
    }
  }

  /** The text, or null for no key. */
  public static String text(IdempotencyKey key) {
    return key == null ? null : key.value;
  }
}
