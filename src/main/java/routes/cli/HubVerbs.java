package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Keys, the audit trail, and how the hub and the services it probes are. What each argument means:
 * help.properties.
 */
@Command(subcommands = {HubVerbs.Keys.class})
final class HubVerbs {

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
    String own = HubVerbs.class.getPackage().getImplementationVersion();
    console.out.println("command line    " + (own == null ? "not packaged" : own));
    console.out.flush();
    JsonNode contract = console.hub.get("/openapi.json").json();
    console.out.println(Table.clean("API of the hub  " + contract.at("/info/version").asText()));
  }
}
