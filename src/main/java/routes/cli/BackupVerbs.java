package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Snapshots: listed, proven, restored, kept and removed. What each argument means: help.properties.
 */
@Command
final class BackupVerbs {

  @Command
  static void snapshots(
      @Mixin Console console,
      @Parameters(arity = "0..1") String source,
      @Option(names = "--limit") Integer limit) {
    String now = console.clock.instant().toString();
    Table table =
        new Table(
            "TAKEN (UTC)=takenAt",
            "SOURCE=source",
            "SNAPSHOT=id",
            "ROWS=rows",
            "SIZE=plainBytes",
            "STORED=storedBytes",
            "RATIO",
            "ALREADY STORED",
            "CHECKED (UTC)",
            "");
    console.list(
        console.hub.get("/snapshots", "source", source, "limit", limit),
        "snapshots",
        table,
        each ->
            new Object[] {
              each.hasNonNull("ratio") ? Table.tenths(each.path("ratio").asDouble()) + "x" : null,
              Table.percent(each.path("dedup")),
              Table.when(checked(each)),
              verdict(each, now)
            });
  }

  private static JsonNode checked(JsonNode snapshot) {
    JsonNode drilled = snapshot.path("drilledAt");
    JsonNode read = snapshot.path("readAt");
    return read.asText("").compareTo(drilled.asText("")) > 0 ? read : drilled;
  }

  private static String verdict(JsonNode snapshot, String now) {
    TreeSet<String> holds = new TreeSet<>();
    for (Map.Entry<String, JsonNode> hold : snapshot.path("holds").properties()) {
      if (hold.getValue().path("until").asText("9").compareTo(now) > 0) {
        holds.add(hold.getKey());
      }
    }
    String unproven = snapshot.path("kind").asText().equals("sql") ? "imported, not proven" : "-";
    return (snapshot.path("verified").asBoolean(true) ? "" : "BROKEN: ")
        + snapshot.path("drillDetail").asText(unproven)
        + (snapshot.path("intact").asBoolean(true)
            ? ""
            : "; DAMAGED: " + snapshot.path("readDetail").asText())
        + (holds.isEmpty() ? "" : "; held: " + String.join(", ", holds));
  }

  @Command
  static void diff(
      @Mixin Console console,
      @Parameters String source,
      @Parameters String snapshot,
      @Parameters(arity = "0..1", defaultValue = "latest") String other) {
    Hub.Answer answer =
        console.hub.get(Hub.path("/snapshots/%s/%s/diff/%s", source, snapshot, other));
    if (console.prints(answer)) {
      return;
    }
    JsonNode diff = answer.json().path("diff");
    Table table = new Table("", "", "ROWS", "SIZE", "NOT SHARED");
    for (JsonNode each : diff.path("changes")) {
      table.row(
          each.path("what").asText()
              + (each.path("contentEqual").asBoolean() ? ", definition only" : ""),
          each.path("kind").asText() + " " + each.path("name").asText(),
          change(each, "rows", JsonNode::asText),
          change(each, "plainBytes", Table::bytes),
          Table.bytes(
              each.path(each.hasNonNull("after") ? "after" : "before").path("unsharedBytes")));
    }
    table.row(
        answer.json().path("before").asText() + " .. " + answer.json().path("after").asText(),
        "%s equal, %s of the same size, %d changed"
            .formatted(diff.path("equal"), diff.path("alike"), diff.path("changes").size()),
        change(diff, "rows", JsonNode::asText),
        change(diff, "plainBytes", Table::bytes),
        Table.bytes(diff.path("after").path("unsharedBytes")));
    table.print(console.out);
    if (answer.json().hasNonNull("note")) {
      console.say(answer.json().path("note").asText());
    }
  }

  private static String change(JsonNode both, String field, Function<JsonNode, String> say) {
    String before = Table.text(say.apply(both.path("before").path(field)));
    String after = Table.text(say.apply(both.path("after").path(field)));
    return before.equals(after)
        ? before
        : (before.isEmpty() ? "-" : before) + " > " + (after.isEmpty() ? "-" : after);
  }

  @Command
  static int verify(
      @Mixin JobRun run,
      @Parameters String source,
      @Parameters(arity = "0..1") String snapshot,
      @Parameters(arity = "0..1") String share,
      @Option(names = "--copy") String copy) {
    return run.with("source", source, "snapshot", snapshot, "share", share, "copy", copy)
        .of("backup.verify");
  }

  @Command
  static int drill(
      @Mixin JobRun run,
      @Parameters String source,
      @Parameters(arity = "0..1") String snapshot,
      @Option(names = "--copy") String copy) {
    return run.with("source", source, "snapshot", snapshot, "copy", copy).of("backup.drill");
  }

  @Command
  static int restore(
      @Mixin JobRun run,
      @Parameters String source,
      @Parameters String target,
      @Parameters(index = "2..*", arity = "0..2", paramLabel = "<new-database> <snapshot>")
          List<String> more,
      @Option(names = "--into", paramLabel = "<database>") String into,
      @Option(names = "--force") boolean force,
      @Option(names = "--schemas", paramLabel = "<a,b>") String schemas,
      @Option(names = "--tables", paramLabel = "<a.b,c.d>") String tables,
      @Option(names = "--keep-going") boolean keepGoing,
      @Option(names = "--globals") boolean globals,
      @Option(names = "--copy") String copy) {
    List<String> words = more == null ? List.of() : more;
    int names = into == null ? 1 : 0;
    if (words.size() < names || words.size() > names + 1) {
      throw Failure.usage(
          into == null
              ? "<new-database> is missing, or there is more than it and a snapshot"
              : "with --into only a snapshot may follow the target");
    }
    return run.with("source", source, "target", target, "into", into, "copy", copy)
        .with("database", into == null ? words.get(0) : null)
        .with("snapshot", words.size() > names ? words.get(names) : null)
        .with("force", force ? true : null, "globals", globals ? true : null)
        .with("keepGoing", keepGoing ? true : null, "schemas", schemas, "tables", tables)
        .of("restore.postgres");
  }

  @Command
  static void table(
      @Mixin Console console,
      @Parameters String source,
      @Parameters(paramLabel = "<schema.table>") String table,
      @Parameters(arity = "0..1", defaultValue = "latest") String snapshot,
      @Option(names = "--csv") boolean csv,
      @Option(names = "--sql") boolean sql) {
    if (csv && sql || console.json) {
      throw Failure.usage("a table is written either as --csv or as --sql");
    }
    console.hub.download(
        Hub.path("/snapshots/%s/%s/tables/%s", source, snapshot, table)
            + Hub.query("format", sql ? "sql" : null),
        console.stdout);
  }

  @Command
  static void hold(
      @Mixin Console console,
      @Parameters String source,
      @Parameters String snapshot,
      @Parameters String name,
      @Option(names = "--reason") String reason,
      @Option(names = "--until", paramLabel = "<instant>") String until) {
    console.line(
        console.hub.post(
            Hub.path("/snapshots/%s/%s/holds/%s", source, snapshot, name),
            Hub.body("reason", reason, "until", until)),
        BackupVerbs::held);
  }

  @Command
  static void release(
      @Mixin Console console,
      @Parameters String source,
      @Parameters String snapshot,
      @Parameters String name) {
    console.line(
        console.hub.delete(Hub.path("/snapshots/%s/%s/holds/%s", source, snapshot, name)),
        BackupVerbs::held);
  }

  private static String held(JsonNode held) {
    TreeSet<String> names = new TreeSet<>();
    held.path("holds").fieldNames().forEachRemaining(names::add);
    return "%s/%s  %s"
        .formatted(
            held.path("source").asText(),
            held.path("snapshot").asText(),
            names.isEmpty() ? "not held" : "held: " + String.join(", ", names));
  }

  @Command
  static int retention(
      @Mixin JobRun run,
      @Parameters String source,
      @Option(names = "--plan", paramLabel = "<digest>") String plan,
      @Option(names = "--copy") String copy) {
    return run.with("source", source, "plan", plan, "copy", copy).of("retention.snapshots");
  }

  @Command
  static int copy(
      @Mixin JobRun run,
      @Parameters String copy,
      @Parameters(arity = "0..1") String source,
      @Parameters(arity = "0..1") String snapshot) {
    return run.with("copy", copy, "source", source, "snapshot", snapshot).of("backup.copy");
  }

  @Command
  static int sweep(@Mixin JobRun run, @Option(names = "--copy") String copy) {
    return run.with("copy", copy).of("backup.sweep");
  }

  @Command(name = "set-aside")
  static int setAside(
      @Mixin JobRun run,
      @Parameters String source,
      @Parameters String snapshot,
      @Option(names = "--reason") String reason,
      @Option(names = "--copy") String copy) {
    return run.with("source", source, "snapshot", snapshot, "reason", reason, "copy", copy)
        .of("backup.set-aside");
  }
}
