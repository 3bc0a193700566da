package routes.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;
import routes.platform.error.InvalidInputException;

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
final class NormalForm {

  /** Largest integer that a double holds together with both its neighbours: 2⁵³ − 1. */
  private static final long SAFE = (1L << 53) - 1;

  private static final BigInteger SAFE_BIG = BigInteger.valueOf(SAFE);
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder text = new StringBuilder(256);

  private NormalForm() {}

  /**
   * @param value as Jackson reads it: maps, lists, strings, numbers (decimals as {@link
   *     BigDecimal}), booleans and null
   * @param path where the value stands, such as {@code input}: how a mistake in it is named
   * @throws InvalidInputException for a number or a text that has no normal form, naming its place
   */
  static String of(Object value, String path) {
    NormalForm form = new NormalForm();
    form.write(value, path);
    return form.text.toString();
  }

  /**
   * Checks that a value can be written as UTF-8.
   *
   * @throws InvalidInputException naming the place of half a character
   */
  static void requireText(Object value, String path) {
    if (value instanceof String string) {
      requireWhole(string, path);
    } else if (value instanceof Map<?, ?> members) {
      members.forEach(
          (name, member) -> {
            requireWhole((String) name, path);
            requireText(member, path + "." + name);
          });
    } else if (value instanceof List<?> items) {
      for (int i = 0; i < items.size(); i++) {
        requireText(items.get(i), path + "[" + i + "]");
      }
    }
  }

  private void write(Object value, String path) {
    if (value instanceof String string) {
      quote(string, path);
    } else if (value instanceof Map<?, ?> members) {
      object(members, path);
    } else if (value instanceof List<?> items) {
      array(items, path);
    } else if (value instanceof Number number) {
      number(number, path);
    } else {
      text.append(value); // true, false, null
    }
  }

  private void object(Map<?, ?> members, String path) {
    // By UTF-16 code units, which is how Java compares strings and what the RFC asks for.
    Map<String, Object> sorted = new TreeMap<>();
    members.forEach((name, value) -> sorted.put((String) name, value));
    text.append('{');
    Iterator<Map.Entry<String, Object>> each = sorted.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, Object> member = each.next();
      quote(member.getKey(), path);
      text.append(':');
      write(member.getValue(), path + "." + member.getKey());
      if (each.hasNext()) {
        text.append(',');
      }
    }
    text.append('}');
  }

  private void array(List<?> items, String path) {
    text.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      write(items.get(i), path + "[" + i + "]");
    }
    text.append(']');
  }

  private void number(Number number, String path) {
    if (number instanceof Integer) {
      text.append(number);
    } else if (number instanceof Long whole) {
      requireSafe(Math.abs(whole) <= SAFE && whole != Long.MIN_VALUE, path);
      text.append(whole);
    } else if (number instanceof BigInteger whole) {
      requireSafe(whole.abs().compareTo(SAFE_BIG) <= 0, path);
      text.append(whole);
    } else {
      text.append(decimal((BigDecimal) number, path));
    }
  }

  private static void requireSafe(boolean safe, String path) {
    if (!safe) {
      throw new InvalidInputException(
          path,
          "is a number beyond ±9007199254740991, where JSON numbers of different value become one;"
              + " send it as a string");
    }
  }

  private static String decimal(BigDecimal number, String path) {
    double nearest = number.doubleValue();
    if (Double.isInfinite(nearest) || nearest == 0 && number.signum() != 0) {
      throw new InvalidInputException(
          path, "is a number too large or too small for a double; send it as a string");
    }
    try {
      String text = NumberToJSON.serializeNumber(nearest);
      requireSafe(Math.abs(nearest) <= SAFE || isNameOf(number, nearest, text), path);
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of NaN and infinity, which are none of the above
    }
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

  private void quote(String string, String path) {
    requireWhole(string, path);
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

  private static void requireWhole(String string, String path) {
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
