package routes.kernel.json;

import java.util.regex.Pattern;

/** JSON as PostgreSQL takes it. */
public final class JsonParameter {

  /** An escaped NUL, after an even number of backslashes. */
  private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

  private JsonParameter() {}

  /**
   * The same JSON with U+FFFD in place of each NUL: PostgreSQL's text has none, and refusing a row
   * for it would lose what the row is to keep.
   *
   * @param json as Jackson writes it
   */
  public static String withoutNul(String json) {
    return json.contains("\\u0000") ? NUL.matcher(json).replaceAll("$1\\\\ufffd") : json;
  }
}
