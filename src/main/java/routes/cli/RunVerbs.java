package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Jobs and their runs. What each argument means: help.properties. */
@Command
final class RunVerbs {

  private static final int PAGE = 500;
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");
  private static final String RUN_ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

  /** What starts a run. */
  enum Kind {
    schedule,
    api,
    event,
    backfill,
    replay
  }

  @Command
  static void jobs(@Mixin Console console, @Parameters(arity = "0..1") String job) {
    if (job == null) {
      console.list(
          console.hub.get("/jobs"),
          "jobs",
          new Table("JOB=id", "PARAMETERS", ""),
          each -> new Object[] {synopsis(each), each.path("description")});
      return;
    }
    Hub.Answer answer = console.hub.get(Hub.path("/jobs/%s", job));
    if (!console.prints(answer)) {
      describe(console, answer.json());
    }
  }

  /** Prints what a job does, and its parameters as it declares them. */
  static void describe(Console console, JsonNode job) {
    String id = job.path("id").asText();
    console.out.println(Table.clean(id + ": " + job.path("description").asText()));
    console.out.println(Table.clean("Usage: hub run " + id + " " + synopsis(job)).strip());
    Table table = new Table("PARAMETER", "TYPE", "DEFAULT", "ALLOWED VALUES", "");
    for (JsonNode each : job.path("parameters")) {
      boolean required = each.path("required").asBoolean();
      table.row(
          each.path("name"),
          each.path("type"),
          required ? "required" : each.path("default"),
          each.has("choices") ? joined(", ", each.path("choices"), JsonNode::asText) : null,
          each.path("description"));
    }
    table.print(console.out);
    if (!job.path("triggers").isEmpty()) {
      console.out.println(
          Table.clean("Triggers: " + joined(", ", job.path("triggers"), JsonNode::asText)));
    }
  }

  private static String synopsis(JsonNode job) {
    return joined(
        " ",
        job.path("parameters"),
        each ->
            each.path("required").asBoolean()
                ? each.path("name").asText() + "=…"
                : "[" + each.path("name").asText() + "=…]");
  }

  private static String joined(String separator, JsonNode list, Function<JsonNode, String> text) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(text)
        .collect(Collectors.joining(separator));
  }

  @Command
  static int run(
      @Mixin JobRun run,
      @Parameters(paramLabel = "<job or run>") String what,
      @Option(names = {"-f", "--follow"}) boolean follow) {
    if (!what.matches(RUN_ID)) {
      if (follow) {
        throw Failure.usage("--follow takes the id of a run; the run of a job is followed anyway");
      }
      return run.of(what);
    }
    if (!run.params.isEmpty() || run.dryRun || run.queue || run.noWait) {
      throw Failure.usage("the id of a run takes no parameters, and no options but --follow");
    }
    if (!follow) {
      return show(run.console, what);
    }
    Follower follower = new Follower(run.console, what, !run.console.json);
    return JobRun.ended(run.console, follower.toEnd(), false);
  }

  private static int show(Console console, String id) {
    Hub.Answer run = console.hub.get(Hub.path("/runs/%s", id));
    ArrayNode log = Hub.JSON.createArrayNode();
    JsonNode page;
    do {
      long after = log.path(log.size() - 1).path("seq").asLong();
      page = console.hub.get(Hub.path("/runs/%s/log", id), "after", after, "limit", PAGE).json();
      page.path("items").forEach(log::add);
    } while (page.path("items").size() == PAGE);
    if (console.json) {
      console.out.println("{\"run\":" + run.text() + ",\"log\":" + log + "}");
    } else {
      console.show(run);
      log.forEach(line -> console.out.println(Follower.logLine(line)));
    }
    return 0;
  }

  @Command
  static int runs(
      @Mixin Console console,
      @Parameters(arity = "0..1") String run,
      @Option(names = "--since", paramLabel = "<time>") String since,
      @Option(names = "--state") String state,
      @Option(names = "--job") String job,
      @Option(names = "--trigger") String trigger,
      @Option(names = "--kind") Kind kind,
      @Option(names = "--limit") Integer limit) {
    if (run != null) {
      if (Stream.of(since, state, job, trigger, kind, limit).anyMatch(Objects::nonNull)) {
        throw Failure.usage("the id of a run and options that select runs cannot go together");
      }
      return show(console, run);
    }
    console.list(
        console.hub.get(
            "/runs",
            "job",
            job,
            "state",
            state,
            "trigger",
            trigger,
            "kind",
            kind,
            "since",
            since(console, since),
            "limit",
            limit),
        "runs",
        new Table("ENDED (UTC)=finishedAt", "RUN=id", "JOB=job", "STATE=state", ""),
        each -> new Object[] {each.path(each.hasNonNull("headline") ? "headline" : "trigger")});
    return 0;
  }

  private static Instant since(Console console, String text) {
    if (text == null) {
      return null;
    }
    try {
      Matcher age = AGE.matcher(text);
      if (age.matches()) {
        String unit = age.group(2).toUpperCase(Locale.ROOT);
        String period = (unit.equals("D") ? "P" : "PT") + age.group(1) + unit;
        return console.clock.instant().minus(Duration.parse(period));
      }
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw Failure.usage(
          "--since is '" + text + "' but must be like 12h, 2026-01-31 or 2026-01-31T02:00:00Z");
    }
  }

  @Command
  static void retry(@Mixin Console console, @Parameters String run) {
    console.line(
        console.hub.post(Hub.path("/runs/%s/retry", run), null),
        queued ->
            "%s is queued again: ./hub run %s -f follows it"
                .formatted(queued.path("job").asText(), queued.path("id").asText()));
  }

  @Command
  static void cancel(
      @Mixin Console console,
      @Parameters(arity = "0..1") String run,
      @Option(names = "--job") String job,
      @Option(names = "--trigger") String trigger,
      @Option(names = "--kind") Kind kind,
      @Option(names = "--state") String state,
      @Option(names = "--dry-run") boolean dryRun) {
    Map<String, Object> which =
        Hub.body("job", job, "trigger", trigger, "kind", kind, "state", state);
    if (run == null ? which.isEmpty() : !which.isEmpty() || dryRun) {
      throw Failure.usage("give the id of one run, or options that select runs");
    }
    if (run != null) {
      console.line(
          console.hub.post(Hub.path("/runs/%s/cancel", run), null),
          asked ->
              "asked %s to stop; ./hub run %s -f shows when it has"
                  .formatted(asked.path("job").asText(), run));
      return;
    }
    console.line(
        console.hub.post("/runs/cancel" + (dryRun ? "?dryRun=true" : ""), which),
        done ->
            "%s queued and %s running runs %s asked to stop"
                .formatted(
                    done.path("queued"), done.path("running"), dryRun ? "would be" : "were"));
  }
}
