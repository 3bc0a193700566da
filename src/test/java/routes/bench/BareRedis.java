package routes.bench;

import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Redis alone does, as its own program, redis-benchmark, sees it.
 *
 * @param address host:port
 */
record BareRedis(String address, int connections) {

  /** Measures both; nothing where the program is not here. */
  void ask(StatefulRedisConnection<String, String> redis, RedisFigures figures)
      throws IOException, InterruptedException {
    Path program = RedisPrograms.find("redis-benchmark");
    if (program == null) {
      return;
    }
    String[] at = address.split(":");
    List<String> command =
        List.of(
            program.toString(),
            "-h",
            at[0],
            "-p",
            at[1],
            "--user",
            "bench",
            "-a",
            "none",
            "-c",
            Integer.toString(connections),
            "-n",
            "200000",
            "--csv");
    figures.add(RedisFigures.BARE, perSecond(command, "GET", "bench:key"));
    figures.add(
        RedisFigures.XADD,
        perSecond(
            command,
            "XADD",
            "bench:stream",
            "MAXLEN",
            "~",
            "100000",
            "*",
            "id",
            "0b6d9a6e-6f0c-4c59-9b0e-0f4f3c2f9d11",
            "type",
            "bench.told",
            "event",
            "x".repeat(400)));
    redis.sync().del("bench:stream");
  }

  private static double perSecond(List<String> command, String... asked)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(asked));
    Process process = RedisPrograms.process(all).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("redis-benchmark: " + said);
    }
    String last = said.strip().lines().reduce((one, two) -> two).orElseThrow();
    // "GET bench:key","105152.47","0.167",…: the first number is requests per second.
    String[] fields = last.substring(1, last.length() - 1).split("\",\"");
    return Double.parseDouble(fields[1]);
  }
}
