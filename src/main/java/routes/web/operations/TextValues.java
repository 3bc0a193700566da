package routes.web.operations;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ClassUtils;

/**
 * How text becomes a value, the same in a path, a query, a header and a JSON string. Each refuses
 * what Spring and Jackson would take for something near it: {@code yes} for true, {@code 0x10} for
 * 16, {@code 1-1-1-1-1} for a UUID. The message of an IllegalArgumentException is for the caller.
 */
public final class TextValues {

  /** PostgreSQL's timestamps begin in 4713 BC; nobody asks for more of the future. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  static final Map<Class<?>, Function<String, ?>> PARSERS = parsers();

  private TextValues() {}

  private static Map<Class<?>, Function<String, ?>> parsers() {
    Map<Class<?>, Function<String, ?>> all = new LinkedHashMap<>();
    all.put(UUID.class, TextValues::uuid);
    all.put(Instant.class, TextValues::instant);
    all.put(Duration.class, TextValues::duration);
    all.put(Boolean.class, TextValues::bool);
    all.put(Integer.class, text -> whole(text, Integer::valueOf));
    all.put(Long.class, text -> whole(text, Long::valueOf));
    all.put(IdempotencyKey.class, IdempotencyKey::new);
    return all;
  }

  /** Null: of this type is any text. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // it is an enum's class
  public static Function<String, ?> parser(Class<?> type) {
    return type.isEnum()
        ? text -> constant((Class) type, text)
        : PARSERS.get(ClassUtils.resolvePrimitiveIfNecessary(type));
  }

  static UUID uuid(String text) {
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      // refused below, with an example
    }
    throw new IllegalArgumentException(
        "must be a UUID such as 7f1b4f1e-6a5d-4c1c-9f60-2f1f7e0c9a55");
  }

  static Instant instant(String text) {
    try {
      Instant instant = Instant.parse(text);
      if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
        return instant;
      }
    } catch (DateTimeParseException e) {
      // refused below, with an example
    }
    throw new IllegalArgumentException(
        "must be an instant such as 2026-01-31T02:00:00Z, in the years 1 to 9999");
  }

  static Duration duration(String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException("must be a duration such as 90d, 1m or PT12H");
    }
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static <T> T whole(String text, Function<String, T> parse) {
    try {
      if (!text.startsWith("+")) {
        return parse.apply(text);
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new IllegalArgumentException("must be a whole number");
  }

  /** A constant by its name in JSON, which is that of the enum or its small letters. */
  static <E extends Enum<E>> E constant(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (text(constant).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "must be one of "
            + Arrays.stream(type.getEnumConstants())
                .map(TextValues::text)
                .collect(Collectors.joining(", ")));
  }

  /** A constant as it stands in JSON and in a query. */
  public static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
