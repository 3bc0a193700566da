package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Aligned columns. A cell that is null, or that the answer lacks, is a hyphen. A head such as
 * {@code STATE=state} names the field that stands below it; the last columns may have none.
 */
final class Table {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

  private final List<List<String>> rows = new ArrayList<>();
  private final List<String[]> columns;

  Table(String... heads) {
    columns = Stream.of(heads).map(head -> head.split("=", 2)).toList();
    if (heads.length > 0) {
      row(columns.stream().map(column -> column[0]).toArray());
    }
  }

  /** A row of an item's fields as the heads name them, then of other cells. */
  void item(JsonNode item, Object... others) {
    Stream<Object> fields =
        columns.stream()
            .filter(column -> column.length > 1)
            .map(
                column -> {
                  JsonNode field = item.at("/" + column[1]);
                  return column[0].endsWith("(UTC)")
                      ? when(field)
                      : column[0].matches("SIZE|STORED") ? bytes(field) : field;
                });
    row(Stream.concat(fields, Stream.of(others)).toArray());
  }

  Table row(Object... cells) {
    rows.add(Stream.of(cells).map(Table::text).map(Table::clean).toList());
    return this;
  }

  void print(PrintWriter out) {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        line.append(cell)
            .append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length())))
            .append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }

  static String text(Object cell) {
    if (cell instanceof JsonNode node) {
      return isMissing(node) ? "-" : node.isValueNode() ? node.asText() : node.toString();
    }
    return Objects.toString(cell, "-");
  }

  static boolean isMissing(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  /** A name or a message may hold anything; a terminal must not obey it. */
  static String clean(String text) {
    return text.replaceAll("\\p{Cc}", " ");
  }

  /** To the second, in UTC; null: there is none. */
  static String when(JsonNode instant) {
    String text = instant.asText("");
    return text.length() < 19 ? null : text.substring(0, 19).replace('T', ' ');
  }

  static String bytes(JsonNode count) {
    return count.isNumber() ? bytes(count.asDouble()) : null;
  }

  static String bytes(double count) {
    if (count < 1024) {
      return (long) count + " B";
    }
    double amount = count / 1024;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return tenths(amount) + " " + UNITS[unit];
  }

  /** Rounded down to tenths: what is not whole is never shown as such. */
  static String tenths(double number) {
    return String.format(Locale.ROOT, "%.1f", Math.floor(number * 10) / 10).replace(".0", "");
  }

  static String percent(JsonNode share) {
    return share.isNumber() ? (long) Math.floor(share.asDouble() * 100) + " %" : null;
  }
}
