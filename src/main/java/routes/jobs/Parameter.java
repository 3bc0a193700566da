package routes.jobs;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.convert.DurationStyle;
import routes.platform.error.InvalidInputException;

/**
 * One typed parameter of a job.
 *
 * @param name as written in JSON and in {@code ./hub run … name=value}
 * @param type what it holds
 * @param required whether a run without it is refused
 * @param fallback what is taken when it is left out; null: the port sees null
 * @param description for people
 * @param choices the values it may have, asked each time (sources come from the configuration);
 *     none then: none is right
 */
public record Parameter(
    String name,
    Type type,
    boolean required,
    Object fallback,
    String description,
    Supplier<List<String>> choices) {

  /** What a parameter holds. */
  public enum Type {
    STRING,
    INTEGER,
    BOOLEAN,
    DURATION
  }

  private static final int LONGEST = 1_000;

  private static final Supplier<List<String>> ANY = List::of;

  public static Parameter required(String name, String description) {
    return new Parameter(name, Type.STRING, true, null, description, ANY);
  }

  public static Parameter optional(String name, Type type, Object fallback, String description) {
    return new Parameter(name, type, false, fallback, description, ANY);
  }

  /** One of what is configured now; when nothing is, no value is right. */
  public Parameter oneOf(Supplier<List<String>> values) {
    return new Parameter(name, type, required, fallback, description, values);
  }

  /**
   * Reads a JSON value, or the text of a command line, as this parameter's type.
   *
   * @return String, Long, Boolean, or ISO-8601 text of a Duration
   * @throws InvalidInputException naming {@code params.<name>}
   */
  Object read(Object value) {
    if (value == null || value.equals("")) {
      if (required) {
        throw invalid("is required: " + description + mayBe());
      }
      return fallback;
    }
    if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
      throw invalid("must be a " + type.name().toLowerCase(java.util.Locale.ROOT));
    }
    String text = value.toString();
    if (text.length() > LONGEST || text.indexOf('\0') >= 0) {
      throw invalid("is too long or holds a NUL character");
    }
    Object typed =
        switch (type) {
          case STRING -> string(value);
          case INTEGER -> integer(text);
          case BOOLEAN -> bool(text);
          case DURATION -> duration(text).toString();
        };
    List<String> allowed = choices.get();
    if (choices != ANY && !allowed.contains(text)) {
      throw invalid("is '" + text + "'" + mayBe());
    }
    return typed;
  }

  private String string(Object value) {
    if (!(value instanceof String text)) {
      throw invalid("must be a string");
    }
    return text;
  }

  private Long integer(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw invalid("must be a whole number");
    }
  }

  private Boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("must be true or false");
    };
  }

  private Duration duration(String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw invalid("must be a duration such as 30s, 15m, 2h or PT15M");
    }
  }

  private String mayBe() {
    List<String> allowed = choices.get();
    if (choices == ANY) {
      return "";
    }
    return allowed.isEmpty() ? "; none is configured" : "; it may be " + String.join(", ", allowed);
  }

  private InvalidInputException invalid(String detail) {
    return new InvalidInputException("params." + name, detail);
  }
}
