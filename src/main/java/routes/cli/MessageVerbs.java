package routes.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Messages that failed for good, and notifications that are sent. What each argument means:
 * help.properties.
 */
@Command(subcommands = {MessageVerbs.DeadLetters.class, MessageVerbs.Deliveries.class})
final class MessageVerbs {

  private static final int MOST_REPLAYED = 100;

  @Command(name = "dead-letters")
  static final class DeadLetters {

    @Command
    static void list(
        @Mixin Console console,
        @Option(names = "--port") String port,
        @Option(names = "--state") String state,
        @Option(names = "--since", paramLabel = "<instant>") String since,
        @Option(names = "--limit") Integer limit) {
      console.list(
          console.hub.get(
              "/dead-letters", "port", port, "state", state, "since", since, "limit", limit),
          "dead letters",
          new Table(
              "KEPT (UTC)=createdAt",
              "DEAD LETTER=id",
              "PORT=port",
              "STATE=state",
              "FAILURES=failures",
              "=error"));
    }

    @Command
    static void show(@Mixin Console console, @Parameters String id) {
      console.out.println(console.hub.get(Hub.path("/dead-letters/%s", id)).text());
    }

    @Command
    static int replay(
        @Mixin Console console,
        @Parameters(arity = "0..*", paramLabel = "<id>") List<String> ids,
        @Option(names = "--port") String port,
        @Option(names = "--limit") Integer limit) {
      if ((ids == null) == (port == null) || port == null && limit != null) {
        throw Failure.usage("give ids, or --port and perhaps --limit");
      }
      Integer most = port == null || limit != null ? limit : Integer.valueOf(MOST_REPLAYED);
      Hub.Answer answer =
          console.hub.post(
              "/dead-letters/replay", Hub.body("ids", ids, "port", port, "most", most));
      console.list(
          answer,
          "dead letters to replay",
          new Table("DEAD LETTER=id", ""),
          each -> new Object[] {each.path("replayed").asBoolean() ? "replayed" : each.path("why")});
      if (answer.json().path("failed").asLong() > 0) {
        console.say("not all of them were replayed");
        return Failure.FAILED;
      }
      return 0;
    }

    @Command
    static void edit(@Mixin Console console, @Parameters String id, @Parameters Path file) {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(file);
      } catch (IOException e) {
        throw Failure.usage("cannot read " + file);
      }
      console.line(
          console.hub.post(
              Hub.path("/dead-letters/%s/edit", id),
              Hub.body("bodyBase64", Base64.getEncoder().encodeToString(bytes))),
          done -> "%s: edited, %d bytes".formatted(done.at("/letter/id").asText(), bytes.length));
    }

    @Command
    static void discard(
        @Mixin Console console,
        @Parameters String id,
        @Option(names = "--reason", required = true) String reason) {
      console.line(
          console.hub.post(Hub.path("/dead-letters/%s/discard", id), Hub.body("reason", reason)),
          done -> done.at("/letter/id").asText() + ": discarded");
    }
  }

  @Command(name = "deliveries")
  static final class Deliveries {

    @Command
    static void list(
        @Mixin Console console,
        @Option(names = "--target") String target,
        @Option(names = "--state") String state,
        @Option(names = "--event") String event,
        @Option(names = "--limit") Integer limit) {
      console.list(
          console.hub.get(
              "/deliveries", "target", target, "state", state, "event", event, "limit", limit),
          "deliveries",
          new Table(
              "MADE (UTC)=createdAt",
              "DELIVERY=id",
              "TARGET=target",
              "EVENT=type",
              "STATE=state",
              "ATTEMPTS=attempts",
              "=error"));
    }

    @Command
    static void show(@Mixin Console console, @Parameters String id) {
      console.show(console.hub.get(Hub.path("/deliveries/%s", id)));
    }

    @Command
    static void retry(@Mixin Console console, @Parameters String id) {
      console.line(
          console.hub.post(Hub.path("/deliveries/%s/retry", id), null),
          done -> done.path("id").asText() + ": " + done.path("state").asText());
    }
  }
}
