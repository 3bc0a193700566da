package routes.backup.postgres;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import routes.jobs.RunContext;
import routes.platform.postgres.PostgresAddress;
import routes.platform.telemetry.Spans;
import routes.repository.Entry;
import routes.repository.EntryKind;
import routes.repository.Manifest;

/**
 * A snapshot's definitions as a file of mode 0600, for as long as {@code pg_restore} needs it: run
 * once before the rows and once after, in parallel, it must seek.
 */
final class Definitions implements AutoCloseable {

  private final Path file;
  private final PgTools tools;
  private final PgChild child;
  private final Spans spans;
  private final RunContext run;

  private Definitions(Path file, PgTools tools, PgChild child, Spans spans, RunContext run) {
    this.file = file;
    this.tools = tools;
    this.child = child;
    this.spans = spans;
    this.run = run;
  }

  /**
   * @param temp folder of the file, made with mode 0700 when missing
   */
  static Definitions open(
      SnapshotReader reader,
      Manifest manifest,
      Path temp,
      PgTools tools,
      Spans spans,
      RunContext run)
      throws IOException {
    return new Definitions(
        write(reader, manifest, temp), tools, new PgChild(temp, run), spans, run);
  }

  /**
   * Where definitions are restored to.
   *
   * @param parallel indexes and constraints at a time
   * @param owners whether owners and privileges are restored
   */
  record Target(PostgresAddress address, int parallel, boolean owners) {}

  private static Path write(SnapshotReader reader, Manifest manifest, Path temp)
      throws IOException {
    Files.createDirectories(
        temp, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file =
        Files.createTempFile(
            temp,
            "definitions",
            ".dump",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Entry ddl =
        manifest.entries().stream()
            .filter(entry -> entry.kind() == EntryKind.DDL)
            .findFirst()
            .orElseThrow(() -> new NotEqualException("the snapshot holds no definitions"));
    try (OutputStream out = Files.newOutputStream(file)) {
      reader.read(ddl, chunk -> out.write(chunk.array(), chunk.arrayOffset(), chunk.remaining()));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return file;
  }

  void restore(String section, Target target) throws Exception {
    run.checkpoint();
    List<String> command = new ArrayList<>();
    command.add(tools.program("pg_restore").toString());
    command.add("--section=" + section);
    command.add("--exit-on-error");
    if (section.equals("post-data")) {
      command.add("--jobs=" + target.parallel());
    }
    if (!target.owners()) {
      command.add("--no-owner");
      command.add("--no-privileges");
      command.add("--no-publications");
      command.add("--no-subscriptions");
    }
    command.add(file.toString());
    spans.in(
        "pg_restore " + section,
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql"),
        () -> {
          child.run(
              command, target.address(), out -> out.transferTo(OutputStream.nullOutputStream()));
          return null;
        });
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
