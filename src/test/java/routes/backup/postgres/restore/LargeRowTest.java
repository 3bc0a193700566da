package routes.backup.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.backup.postgres.Workbench;
import routes.devservices.TestStores;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;

/** Rows of 200 and 64 MiB as COPY writes them, read and restored at once, in a heap of 128 MiB. */
class LargeRowTest {

  private static final int HEAP_MIB = 128;
  private static final int BYTES = 100 << 20;
  private static final int SMALLER = 32 << 20;

  @TempDir Path folder;

  @Test
  void aRowOf200MiBNeedsNoMoreMemoryThanAFewChunks() throws Exception {
    TestStores.Database database = TestStores.get().newDatabase("large rows");
    PostgresAddress address =
        Workbench.address(database.url(), database.username(), database.password());
    for (Map.Entry<String, Integer> row : Map.of("a", BYTES, "b", SMALLER).entrySet()) {
      String table = row.getKey();
      Workbench.execute(
          address,
          "CREATE TABLE " + table + " (id int, body bytea)",
          "ALTER TABLE " + table + " ALTER body SET STORAGE EXTERNAL",
          "INSERT INTO "
              + table
              + " SELECT 1, convert_to(repeat(md5('"
              + table
              + "'), "
              + row.getValue() / 32
              + "), 'UTF8')");
    }
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BackUpAndDrill.class.getName(),
                folder.toString(),
                database.url())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (var in = process.getOutputStream()) {
      in.write(
          (database.username() + "\n" + database.password() + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }

    long peak = peakWhile(process);
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("rows 2, bytes " + (2L * (BYTES + SMALLER) + 12));
    // The heap, what zstd holds outside of it, and the machine itself.
    assertThat(peak).as("MiB").isLessThan(HEAP_MIB + 200);
    Workbench.execute(address, "DROP TABLE a, b");
  }

  /** Largest resident size of a process until it ends, MiB; 0 where that cannot be seen. */
  private static long peakWhile(Process process) {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    long[] peak = new long[1];
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try {
                Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .forEach(line -> peak[0] = Long.parseLong(line.replaceAll("\\D", "")) >> 10);
              } catch (IOException e) {
                return !process.isAlive();
              }
              return !process.isAlive();
            });
    return peak[0];
  }

  /** A process of its own: folder and URL as arguments, role and password by standard input. */
  static final class BackUpAndDrill {

    private BackUpAndDrill() {}

    public static void main(String[] arguments) throws Exception {
      String[] secrets = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
      PostgresAddress address = Workbench.address(arguments[1], secrets[0], secrets[1]);
      Workbench bench = new Workbench(Path.of(arguments[0]));
      Manifest manifest = bench.backUp(address, new QuietRun());
      bench.drill(address, manifest, new QuietRun());
      long bytes =
          manifest.entries().stream()
              .filter(entry -> entry.kind() == EntryKind.TABLE)
              .mapToLong(entry -> entry.plainBytes())
              .sum();
      System.out.println("rows " + manifest.totals().rows() + ", bytes " + bytes);
    }
  }
}
