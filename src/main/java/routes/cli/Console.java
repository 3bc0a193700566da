package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What every verb has: a hub to ask, and somewhere to print. */
final class Console {

  final Hub hub;
  final OutputStream stdout;
  final PrintWriter out;
  final PrintWriter err;
  final Clock clock;

  /** Width of the terminal behind standard error; 0: it is not a terminal. */
  final int columns;

  @Option(names = "--json")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true)
  boolean help;

  Console(
      Hub hub, OutputStream stdout, PrintWriter out, PrintWriter err, Clock clock, int columns) {
    this.hub = hub;
    this.stdout = stdout;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.columns = columns;
  }

  void say(String text) {
    out.flush();
    err.println("hub: " + Table.clean(text));
    err.flush();
  }

  /** Prints the answer when JSON is asked for, and says whether it did. */
  boolean prints(Hub.Answer answer) {
    if (json) {
      out.println(answer.text());
    }
    return json;
  }

  /** Prints the answer, or a line about it. */
  void line(Hub.Answer answer, Function<JsonNode, String> line) {
    if (!prints(answer)) {
      out.println(Table.clean(line.apply(answer.json())));
    }
  }

  /** Prints the items of an answer, one a row, by the fields that the table's heads name. */
  void list(Hub.Answer answer, String what, Table table) {
    list(answer, what, table, item -> new Object[0]);
  }

  /**
   * @param what they are, in the plural, for when there are none
   * @param others cells after those that the heads name
   */
  void list(Hub.Answer answer, String what, Table table, Function<JsonNode, Object[]> others) {
    JsonNode items = answer.json().path("items");
    if (!items.isArray()) {
      throw hub.noHub();
    }
    if (prints(answer)) {
      return;
    }
    if (items.isEmpty()) {
      say("no " + what);
      return;
    }
    items.forEach(item -> table.item(item, others.apply(item)));
    table.print(out);
    if (answer.json().hasNonNull("next")) {
      say("there are more; --limit=500 shows more of them");
    }
  }

  /** Prints an answer, or its fields one a row. */
  void show(Hub.Answer answer) {
    if (!prints(answer)) {
      Table table = new Table();
      fields(table, "", answer.json());
      table.print(out);
    }
  }

  private static void fields(Table table, String prefix, JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode value = field.getValue();
      String name = prefix + field.getKey();
      if (value.isObject()) {
        fields(table, name + ".", value);
      } else {
        boolean items = value.path(0).isObject();
        table.row(name, items ? value.size() + " items; --json shows them" : value);
      }
    }
  }
}
