package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Messages, caches, sessions, keys, and how the hub and its stores are. What each argument means:
 * help.properties.
 */
@Command(
    subcommands = {
      StoreVerbs.DeadLetters.class,
      StoreVerbs.Deliveries.class,
      StoreVerbs.Cache.class,
      StoreVerbs.Sessions.class,
      StoreVerbs.Keys.class
    })
final class StoreVerbs {

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

  @Command(name = "cache")
  static final class Cache {

    @Command
    static void drop(
        @Mixin Console console,
        @Parameters String model,
        @Parameters(arity = "0..1") String version) {
      console.line(
          console.hub.post("/predictions/invalidate", Hub.body("model", model, "version", version)),
          done -> done.path("dropped") + " predictions dropped");
    }

    @Command
    static int warm(
        @Mixin JobRun run,
        @Parameters String model,
        @Parameters String version,
        @Parameters(arity = "0..1") String inputsOf,
        @Parameters(arity = "0..1") String most) {
      return run.with("model", model, "version", version, "inputsOf", inputsOf, "most", most)
          .of("cache.warm");
    }
  }

  @Command(name = "sessions")
  static final class Sessions {

    @Command
    static void list(@Mixin Console console, @Parameters String user) {
      console.list(
          console.hub.post("/sessions/list", Hub.body("user", user)),
          "sessions",
          new Table("HANDLE=handle", "SESSION=session", "EXPIRES IN"),
          each ->
              new Object[] {
                each.hasNonNull("expiresInMs")
                    ? each.path("expiresInMs").asLong() / 1000 + " s"
                    : "never"
              });
    }

    @Command
    static void revoke(
        @Mixin Console console,
        @Parameters String user,
        @Option(names = "--handle") String handle) {
      console.line(
          console.hub.post("/sessions/revoke", Hub.body("user", user, "handle", handle)),
          done -> done.path("ended") + " sessions ended");
    }
  }

  @Command(name = "keys")
  static final class Keys {

    @Command
    static void list(@Mixin Console console) {
      console.list(
          console.hub.get("/keys"),
          "keys",
          new Table(
              "KEY=id",
              "NAME=name",
              "ROLE=role",
              "STATE=state",
              "MADE (UTC)=createdAt",
              "EXPIRES (UTC)=expiresAt",
              "LAST USED (UTC)=lastUsedAt"));
    }

    @Command
    static void create(
        @Mixin Console console,
        @Parameters String name,
        @Option(names = "--role", required = true) String role,
        @Option(names = "--expires-in", paramLabel = "<duration>") String expiresIn,
        @Option(names = "--out", paramLabel = "<file>") Path file) {
      try {
        if (file != null) { // before there is a key, so that none is lost
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
      } catch (IOException e) {
        throw Failure.usage(
            "cannot create " + file + ": it exists, or its folder cannot be written");
      }
      JsonNode made;
      try {
        Hub.Answer answer =
            console.hub.post("/keys", Hub.body("name", name, "role", role, "expiresIn", expiresIn));
        made = answer.json();
        if (file != null) {
          Files.writeString(file, made.path("key").asText() + "\n");
        } else {
          console.line(answer, key -> key.path("key").asText());
        }
      } catch (Failure e) {
        if (file != null && !file.toFile().delete()) {
          console.say(file + " is empty");
        }
        throw e;
      } catch (IOException e) {
        throw new Failure(
            Failure.REFUSED,
            "the key of " + name + " was made, but cannot be written to " + file + ": revoke it");
      }
      console.say(
          "key %s of %s: its secret is %s"
              .formatted(
                  made.path("id").asText(),
                  name,
                  file == null ? "shown only this once" : "in " + file));
    }

    @Command
    static void revoke(@Mixin Console console, @Parameters String id) {
      console.line(
          console.hub.delete(Hub.path("/keys/%s", id)),
          done -> done.path("name").asText() + ": " + done.path("state").asText());
    }
  }

  @Command
  static void audit(@Mixin Console console, @Option(names = "--limit") Integer limit) {
    console.list(
        console.hub.get("/audit", "limit", limit),
        "entries",
        new Table("AT (UTC)=at", "WHO=actor", "ACTION=action", "TARGET=target", "=detail"));
  }

  @Command
  static void trace(@Mixin Console console, @Parameters String run) {
    JsonNode of = console.hub.get(Hub.path("/runs/%s", run)).json();
    if (!of.hasNonNull("traceId")) {
      throw new Failure(Failure.REFUSED, "run " + run + " has no trace yet");
    }
    Hub.Answer answer = console.hub.get(Hub.path("/traces/%s", of.path("traceId").asText()));
    if (console.prints(answer)) {
      return;
    }
    JsonNode spans = answer.json().path("spans");
    Map<String, String> parents = new HashMap<>();
    spans.forEach(span -> parents.put(span.path("id").asText(), span.path("parent").asText(null)));
    Table table = new Table("BEGAN (UTC)=startedAt", "MS", "SPAN", "SERVICE", "");
    for (JsonNode span : spans) {
      int depth = 0;
      String up = parents.get(span.path("id").asText());
      while (up != null && depth < 40) { // a trace may hold a circle
        depth++;
        up = parents.get(up);
      }
      table.item(
          span,
          Table.tenths(span.path("micros").asDouble() / 1000),
          "  ".repeat(depth) + span.path("operation").asText(),
          span.path("service"),
          span.path("failed").asBoolean() ? "FAILED" : "");
    }
    table.print(console.out);
  }

  @Command
  static void probes(@Mixin Console console) {
    console.list(
        console.hub.get("/probes", "history", 1),
        "probes",
        new Table(
            "PROBE=name",
            "STATE=now/state",
            "SINCE (UTC)=now/since",
            "CHECKED (UTC)=now/lookedAt",
            "MS=now/tookMs",
            ""),
        each -> new Object[] {each.at("/now/why").asText(each.path("url").asText())});
  }

  @Command
  static void memory(@Mixin Console console) {
    Hub.Answer answer = console.hub.get("/redis/memory");
    if (console.prints(answer)) {
      return;
    }
    JsonNode seen = answer.json();
    Table prefixes = new Table("PREFIX=prefix", "KEYS=keys", "SIZE=bytes", "NEVER EXPIRE=forever");
    Table biggest = new Table("BIGGEST=key", "SIZE=bytes", "EXPIRES=expires");
    Table slow = new Table("SLOW=command", "MS=millis", "AT (UTC)=at");
    seen.path("prefixes").forEach(prefixes::item);
    seen.path("biggest").forEach(biggest::item);
    seen.path("slow").forEach(slow::item);
    for (Table each : List.of(prefixes, biggest, slow)) {
      each.print(console.out);
      console.out.println();
    }
    console.out.println(
        Table.clean(
            "%s of %s%s, %s %%; %s; %s keys evicted"
                .formatted(
                    Table.bytes(seen.path("usedBytes")),
                    Table.bytes(seen.path("maxBytes")),
                    seen.path("limited").asBoolean() ? "" : " of the machine (no maxmemory)",
                    Table.tenths(seen.path("share").asDouble() * 100),
                    seen.path("policy").asText(),
                    seen.path("evicted").asText())));
    seen.path("refused")
        .forEach(each -> console.out.println(Table.clean("refused: " + each.asText())));
  }

  @Command
  static int doctor(@Mixin Console console) {
    Hub.Answer answer = console.hub.get("/doctor");
    if (!answer.json().path("lines").isArray()) {
      throw console.hub.noHub();
    }
    console.say("the hub at " + console.hub.url() + " was asked: this is what it runs with");
    if (!console.prints(answer)) {
      answer.json().path("lines").forEach(line -> console.out.println(Table.clean(line.asText())));
      console.out.println(Table.clean(answer.json().path("summary").asText()));
    }
    return answer.json().path("failed").asLong() == 0 ? 0 : Failure.FAILED;
  }

  @Command
  static void version(@Mixin Console console) {
    String own = StoreVerbs.class.getPackage().getImplementationVersion();
    console.out.println("command line    " + (own == null ? "not packaged" : own));
    console.out.flush();
    JsonNode contract = console.hub.get("/openapi.json").json();
    console.out.println(Table.clean("API of the hub  " + contract.at("/info/version").asText()));
  }
}
