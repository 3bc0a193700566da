package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What services keep in Redis, and what takes its room. What each argument means: help.properties.
 */
@Command(subcommands = {StoreVerbs.Cache.class, StoreVerbs.Sessions.class})
final class StoreVerbs {

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
}
