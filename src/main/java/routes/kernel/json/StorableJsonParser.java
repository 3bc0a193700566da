package routes.kernel.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Refuses, token by token, what no store holds as it was sent. A number beyond what a double holds
 * would be an infinity to one reader and 131,072 digits to another: PostgreSQL writes the numbers
 * of jsonb without exponents, so that few bytes sent become many stored. Half of a surrogate pair
 * becomes a question mark in UTF-8, and two names become one.
 */
final class StorableJsonParser extends JsonParserDelegate {

  /**
   * Most characters of one text's numbers, each written without an exponent. {@code 1e308} sends 5
   * bytes for 309.
   */
  static final int MOST_DIGITS = 16 << 20;

  /** Digits behind the point of the smallest double, and those that it may be given with. */
  private static final int MOST_SCALE = 324 + StrictJson.LONGEST_NUMBER;

  private static final int LONGEST_FIELD = 200;

  private long digits;

  StorableJsonParser(JsonParser parser) {
    super(parser);
  }

  @Override
  public JsonToken nextToken() throws IOException {
    return checked(delegate.nextToken());
  }

  @Override
  public JsonToken nextValue() throws IOException {
    JsonToken token = nextToken();
    return token == JsonToken.FIELD_NAME ? nextToken() : token;
  }

  /** Through {@link #nextToken}: the delegate's own would skip without a look. */
  @Override
  public JsonParser skipChildren() throws IOException {
    int depth = 0;
    JsonToken token = currentToken();
    while (token != null) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth <= 0) {
        return this;
      }
      token = nextToken();
    }
    return this;
  }

  private JsonToken checked(JsonToken token) throws IOException {
    if (token == null) {
      return null;
    }
    switch (token) {
      case FIELD_NAME -> {
        if (!isWhole(delegate.currentName())) {
          String at = path(delegate.getParsingContext().getParent());
          throw new UnstorableJsonException(
              "", // its own place cannot be written
              "holds a name with half a character (a lone surrogate)"
                  + (at.isEmpty() ? "" : " in " + at));
        }
      }
      case VALUE_STRING -> {
        if (!isWhole(delegate.getText())) {
          throw unfit("holds half a character (a lone surrogate), which UTF-8 cannot write");
        }
      }
      case VALUE_NUMBER_INT -> count(delegate.getTextLength());
      case VALUE_NUMBER_FLOAT -> count(plainLength(delegate.getText()));
      default -> {
        // holds nothing of its own
      }
    }
    return token;
  }

  private void count(long length) throws UnstorableJsonException {
    digits += length;
    if (digits > MOST_DIGITS) {
      throw unfit(
          "is the number with which all of them, written without exponents, have more than "
              + MOST_DIGITS
              + " characters; send less");
    }
  }

  private long plainLength(String text) throws UnstorableJsonException {
    if (text.indexOf('e') < 0 && text.indexOf('E') < 0) {
      return text.length();
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw unfit("has an exponent that no number has"); // of more than nine digits
    }
    double nearest = number.doubleValue();
    if (Double.isInfinite(nearest)) {
      throw unfit("is a number beyond ±1.8e308, the largest of a double; send it as a string");
    }
    if (nearest == 0 && number.signum() != 0 || number.scale() > MOST_SCALE) {
      throw unfit(
          "is a number closer to 0 than ±4.9e-324, the smallest of a double; send 0, or a string");
    }
    return Math.max(number.precision(), Math.abs((long) number.scale())) + 3;
  }

  private UnstorableJsonException unfit(String detail) {
    return new UnstorableJsonException(path(delegate.getParsingContext()), detail);
  }

  /** Such as {@code events[0].data}. */
  static String path(JsonStreamContext at) {
    StringBuilder path = new StringBuilder();
    for (JsonStreamContext in = at; in != null && !in.inRoot(); in = in.getParent()) {
      path.insert(
          0,
          in.inArray()
              ? "[" + in.getCurrentIndex() + "]"
              : (in.getParent().inRoot() ? "" : ".") + in.getCurrentName());
    }
    if (path.length() <= LONGEST_FIELD) {
      return path.toString();
    }
    int end = LONGEST_FIELD - (Character.isHighSurrogate(path.charAt(LONGEST_FIELD - 1)) ? 1 : 0);
    return path.substring(0, end) + "…";
  }

  /** Whether it has no half of a surrogate pair. */
  static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))
          && (i + 1 == text.length()
              || !Character.isSurrogatePair(text.charAt(i), text.charAt(++i)))) {
        return false;
      }
    }
    return true;
  }
}
