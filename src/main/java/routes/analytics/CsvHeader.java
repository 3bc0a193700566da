package routes.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.kernel.errors.InvalidInputException;

/**
 * Which columns a CSV file may have. A wrong header is one refusal of the file: each of its rows
 * would be wrong for the same reason. Pure.
 *
 * @param columns in the order of the schema
 * @param required those that each row must have a value for
 */
record CsvHeader(List<String> columns, Set<String> required) {

  private static final Pattern OTHER_SEPARATOR = Pattern.compile("[;\t|]");

  /** The members of a JSON Schema of one row. */
  static CsvHeader of(JsonNode schema) {
    List<String> columns = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(columns::add);
    Set<String> required = new TreeSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    return new CsvHeader(columns, required);
  }

  /**
   * Reads the line that names the columns. Letters may be of either case, as spreadsheets have
   * them.
   *
   * @param number of the line, from 1
   * @return the columns' names, in the file's order
   * @throws InvalidInputException saying what is wrong with the line
   */
  List<String> read(long number, List<String> line) {
    check(number, String.join(",", line));
    List<String> named = new ArrayList<>();
    Set<String> missing = new TreeSet<>(required);
    for (String given : line) {
      String name = given.strip().toLowerCase(Locale.ROOT);
      if (!columns.contains(name)) {
        throw wrong(
            number,
            "must name the columns: '%s' is not a column; the columns are %s"
                .formatted(shown(given), String.join(", ", columns)));
      }
      named.add(name);
      missing.remove(name);
    }
    if (new HashSet<>(named).size() != named.size()) {
      throw wrong(number, "must name each column once: " + String.join(", ", named));
    }
    if (!missing.isEmpty()) {
      throw wrong(number, "lacks columns that each row needs: " + String.join(", ", missing));
    }
    return named;
  }

  /**
   * Refuses a line that is of another kind of file, as it stands there: quotes before other
   * separators keep it from being read as CSV at all.
   */
  void check(long number, String line) {
    if (line.stripLeading().startsWith("{") || line.stripLeading().startsWith("[")) {
      throw wrong(number, "is JSON: send it as application/json, or as application/x-ndjson");
    }
    Matcher other = OTHER_SEPARATOR.matcher(line);
    if (line.indexOf(',') < 0 && other.find()) {
      throw wrong(
          number,
          "has '"
              + (other.group().equals("\t") ? "\\t" : other.group())
              + "' between its columns: a comma must stand there, and in each line below");
    }
  }

  private static String shown(String given) {
    String text = given.replaceAll("\\p{Cntrl}", " ");
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private static InvalidInputException wrong(long number, String what) {
    return new InvalidInputException("line " + number, what);
  }
}
