package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What starts runs by itself. What each argument means: help.properties. */
@Command
final class TriggerVerbs {

  @Command
  static void triggers(@Mixin Console console) {
    Hub.Answer answer = console.hub.get("/triggers");
    boolean off = isOff(answer);
    console.list(
        answer,
        "triggers",
        new Table("TRIGGER=id", "CRON=cron", "ZONE=zone", "NEXT (UTC)", "LAST (UTC)", ""),
        each ->
            new Object[] {
              next(each, off),
              Table.when(each.path("lastFire")),
              each.path("state").asText().equals("broken")
                  ? Table.text(each.path("file"))
                      + " line "
                      + Table.text(each.path("line"))
                      + ": "
                      + Table.text(each.path("reason"))
                  : each.path("lastState").asText("")
                      + (each.path("stale").asBoolean() ? ", too long ago" : "")
            });
  }

  private static String next(JsonNode trigger, boolean off) {
    String state = trigger.path("state").asText();
    if (state.equals("broken")) {
      return state;
    }
    return off || trigger.hasNonNull("pausedAt")
        ? "paused"
        : state.equals("ended") ? state : Table.when(trigger.path("next"));
  }

  private static boolean isOff(Hub.Answer triggers) {
    return !triggers.json().path("on").asBoolean(true);
  }

  @Command
  static void pause(@Mixin Console console, @Parameters(arity = "0..1") String trigger) {
    console.line(
        console.hub.post(trigger == null ? "/triggers/pause" : path(trigger) + "/pause", null),
        paused -> (trigger == null ? "all triggers" : trigger) + ": paused");
  }

  @Command
  static void resume(@Mixin Console console, @Parameters(arity = "0..1") String trigger) {
    if (trigger != null) {
      Hub.Answer resumed = console.hub.post(path(trigger) + "/resume", null);
      boolean off = isOff(console.hub.get("/triggers"));
      console.line(
          resumed,
          answer ->
              trigger
                  + (off
                      ? ": its own pause has ended, but all triggers are paused; ./hub resume"
                          + " resumes them"
                      : ": resumed"));
      return;
    }
    console.line(
        console.hub.post("/triggers/resume", null),
        answer -> {
          String paused =
              StreamSupport.stream(answer.path("items").spliterator(), false)
                  .filter(each -> each.hasNonNull("pausedAt"))
                  .map(each -> each.path("id").asText())
                  .collect(Collectors.joining(", "));
          return "all triggers: resumed"
              + (paused.isEmpty() ? "" : ", but these are paused one by one: " + paused);
        });
  }

  @Command
  static void backfill(
      @Mixin Console console,
      @Parameters String trigger,
      @Option(names = "--from", required = true, paramLabel = "<instant>") String from,
      @Option(names = "--to", required = true, paramLabel = "<instant>") String to,
      @Option(names = "--dry-run") boolean dryRun) {
    String path = path(trigger) + "/backfill" + (dryRun ? "?dryRun=true" : "");
    console.line(
        console.hub.post(path, Hub.body("from", from, "to", to)),
        done ->
            "%s: %s runs ".formatted(trigger, done.path("runs"))
                + (dryRun
                    ? "would be queued"
                    : "queued; ./hub runs --trigger=" + trigger + " --kind=backfill lists them"));
  }

  private static String path(String trigger) {
    int slash = trigger.indexOf('/');
    if (slash < 1 || slash == trigger.length() - 1) {
      throw Failure.usage(
          "'" + trigger + "' is not a trigger: ./hub triggers lists them, as <job>/<name>");
    }
    return Hub.path("/triggers/%s/%s", trigger.substring(0, slash), trigger.substring(slash + 1));
  }
}
