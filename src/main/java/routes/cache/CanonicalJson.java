package routes.cache;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;

/**
 * The one text of a JSON value: RFC 8785 (JCS), so that whitespace, the order of members and the
 * way a number or a character is written make no difference.
 *
 * <p>JCS makes doubles of all numbers. Two integers beyond 2⁵³ would become one and share a
 * prediction, so they are refused, also as {@code 9007199254740993.0}; so is what a double cannot
 * hold at all. {@code 1}, {@code 1.0} and {@code 1e0} are the same, as are {@code 0} and {@code
 * -0.0}. Text is taken as it is: no Unicode normalisation, {@code "é"} in one code point is not
 * {@code "é"} in two.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</a>
 */
@JsonDeserialize(using = CanonicalJson.Reader.class)
@Schema(
    description = "Any JSON value of at most 1 MiB",
    types = {"object", "array", "string", "number", "boolean", "null"})
record CanonicalJson(@Schema(hidden = true) String text) {

  /** Largest integer that a double holds together with both its neighbours: 2⁵³ − 1. */
  private static final long SAFE = (1L << 53) - 1;

  private static final BigInteger SAFE_BIG = BigInteger.valueOf(SAFE);
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  /** Without the input. */
  @Override
  public String toString() {
    return "NormalForm[…]";
  }

  /**
   * Writes it from token to token, with no tree between. A number that has no normal form is an
   * {@link InvalidInputException} that names its place.
   */
  static final class Reader extends StdDeserializer<CanonicalJson> {
    private static final long serialVersionUID = 1L;
    private static final CanonicalJson NULL = new CanonicalJson("null");

    Reader() {
      super(CanonicalJson.class);
    }

    @Override
    public CanonicalJson deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      StringBuilder text = new StringBuilder(256);
      write(parser, text);
      return new CanonicalJson(text.toString());
    }

    @Override
    public CanonicalJson getNullValue(DeserializationContext context) {
      return NULL;
    }

    /** That is null is one thing, that it is missing another. */
    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }

  private static void write(JsonParser parser, StringBuilder text) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, text);
      case START_ARRAY -> array(parser, text);
      case VALUE_STRING -> quote(parser.getText(), text);
      case VALUE_NUMBER_INT -> text.append(whole(parser));
      case VALUE_NUMBER_FLOAT -> text.append(decimal(parser));
      default -> text.append(parser.getText()); // true, false, null
    }
  }

  private static void object(JsonParser parser, StringBuilder text) throws IOException {
    // By UTF-16 code units, which is how Java compares strings and what the RFC asks for.
    Map<String, String> sorted = new TreeMap<>();
    int start = text.length();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      write(parser, text);
      sorted.put(name, text.substring(start));
      text.setLength(start);
    }
    text.append('{');
    sorted.forEach(
        (name, value) -> {
          quote(name, text);
          text.append(':').append(value).append(',');
        });
    close(text, '}');
  }

  private static void array(JsonParser parser, StringBuilder text) throws IOException {
    text.append('[');
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      write(parser, text);
      text.append(',');
    }
    close(text, ']');
  }

  /** In place of the comma behind the last one, if there is one. */
  private static void close(StringBuilder text, char end) {
    int last = text.length() - 1;
    if (text.charAt(last) == ',') {
      text.setCharAt(last, end);
    } else {
      text.append(end);
    }
  }

  private static Number whole(JsonParser parser) throws IOException {
    Number number = parser.getNumberValue();
    boolean safe =
        number instanceof BigInteger big
            ? big.abs().compareTo(SAFE_BIG) <= 0
            : number.longValue() >= -SAFE && number.longValue() <= SAFE;
    requireSafe(safe, parser);
    return number;
  }

  private static void requireSafe(boolean safe, JsonParser parser) {
    if (!safe) {
      throw new InvalidInputException(
          StrictJson.path(parser),
          "is a number beyond ±9007199254740991, where JSON numbers of different value become one;"
              + " send it as a string");
    }
  }

  private static String decimal(JsonParser parser) throws IOException {
    BigDecimal number = parser.getDecimalValue();
    double nearest = number.doubleValue();
    if (Double.isInfinite(nearest) || nearest == 0 && number.signum() != 0) {
      throw new InvalidInputException(
          StrictJson.path(parser),
          "is a number too large or too small for a double; send it as a string");
    }
    String text = NumberToJSON.serializeNumber(nearest);
    requireSafe(Math.abs(nearest) <= SAFE || isNameOf(number, nearest, text), parser);
    return text;
  }

  /**
   * Whether a number beyond 2⁵³ is how programs write its double: {@code 1e30}, and not one of the
   * others that become the same double. One that is written with all its digits is refused as the
   * integer would be.
   */
  private static boolean isNameOf(BigDecimal number, double nearest, String shortest) {
    return number.scale() < 0
        && (number.compareTo(new BigDecimal(shortest)) == 0
            || number.compareTo(new BigDecimal(Double.toString(nearest))) == 0);
  }

  private static void quote(String string, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\f' -> text.append("\\f");
        case '\r' -> text.append("\\r");
        default -> {
          if (c < 0x20) {
            text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  /**
   * Checks that a text can be written as UTF-8.
   *
   * @throws InvalidInputException when it holds half a character
   */
  static void requireWhole(String string, String path) {
    for (int i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        if (i + 1 == string.length()
            || !Character.isSurrogatePair(string.charAt(i), string.charAt(i + 1))) {
          throw new InvalidInputException(
              path, "holds half a character (a lone surrogate), which UTF-8 cannot write");
        }
        i++;
      }
    }
  }
}
