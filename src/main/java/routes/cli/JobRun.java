package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every verb that starts a run has. */
final class JobRun {

  @Mixin Console console;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "<name>=<value>")
  Map<String, String> params = new LinkedHashMap<>();

  @Option(names = "--dry-run")
  boolean dryRun;

  @Option(names = "--queue")
  boolean queue;

  @Option(names = "--no-wait")
  boolean noWait;

  @Option(names = "--wait", hidden = true)
  boolean waits; // which it does anyway

  /**
   * Adds parameters that have an argument or option of their own.
   *
   * @param given names and values in turns; a value that is null is left out
   */
  JobRun with(Object... given) {
    Hub.body(given)
        .forEach(
            (name, value) -> {
              if (params.putIfAbsent(name, value.toString()) != null) {
                throw Failure.usage(name + " is given twice");
              }
            });
    return this;
  }

  /**
   * Starts a run and waits for its end.
   *
   * @return the exit code
   */
  int of(String job) {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    Hub.Answer accepted =
        console.hub.submit(
            Hub.path("/jobs/%s/runs", job)
                + Hub.query("dryRun", dryRun ? true : null, "overlap", queue ? "queue" : null),
            params,
            HexFormat.of().formatHex(random));
    String id = accepted.json().path("id").asText();
    if (id.isEmpty()) {
      throw console.hub.noHub();
    }
    if (noWait) {
      console.line(accepted, run -> id);
      return 0;
    }
    boolean shows = dryRun || job.equals("retention.snapshots");
    return ended(console, new Follower(console, id, false).toEnd(), shows);
  }

  /**
   * Tells how a run ended.
   *
   * @param items print what it did, item by item
   * @return the exit code
   */
  static int ended(Console console, Hub.Answer answer, boolean items) {
    JsonNode run = answer.json();
    if (console.json) {
      console.out.println(answer.text());
    }
    String job = run.path("job").asText();
    if (!run.path("state").asText().equals("succeeded")) {
      String reason =
          run.path("headline").asText(run.path("error").path("detail").asText("no reason given"));
      console.out.flush();
      console.say(Table.clean(job + " " + run.path("state").asText() + ": " + reason));
      console.err.println("  ./hub run " + run.path("id").asText() + " shows its log");
      return Failure.FAILED;
    }
    if (!console.json) {
      console.out.println(Table.clean(job + "  " + run.path("headline").asText()));
      if (items) {
        Table table = new Table();
        run.path("summary")
            .path("items")
            .forEach(
                item ->
                    table.row(
                        "  " + item.path("action").asText(),
                        item.path("target"),
                        item.path("reason")));
        table.print(console.out);
      }
    }
    return 0;
  }
}
