package routes.backup.postgres;

import io.opentelemetry.api.trace.SpanKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import routes.jobs.RunContext;
import routes.platform.error.PermanentException;
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

  /** As servers say it, in English: programs run in the locale C, servers mostly. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("(?i)must be (a )?superuser|permission denied|must be (owner|member) of");

  private static final String STRICT = "--exit-on-error";

  private final Path file;
  private final PgTools tools;
  private final PgChild child;
  private final Spans spans;
  private final RunContext run;
  private boolean partitioned;

  private Definitions(Path file, PgTools tools, PgChild child, Spans spans, RunContext run) {
    this.file = file;
    this.tools = tools;
    this.child = child;
    this.spans = spans;
    this.run = run;
  }

  /**
   * @param child runs pg_restore; the file lies in its folder
   */
  static Definitions open(
      SnapshotReader reader,
      Manifest manifest,
      PgChild child,
      PgTools tools,
      Spans spans,
      RunContext run)
      throws IOException {
    return new Definitions(write(reader, manifest, child.temp()), tools, child, spans, run);
  }

  /**
   * Where definitions are restored to.
   *
   * @param parallel indexes and constraints at a time
   * @param owners whether owners and privileges are restored
   * @param unmet objects that are left out, for their roles are missing there
   * @param superuser whether the role may create everything; else what only a superuser may create,
   *     and nothing depends on, is tried apart and its failure told as a warning
   */
  record Target(
      PostgresAddress address,
      int parallel,
      boolean owners,
      List<Needs.Naming> unmet,
      boolean superuser) {}

  /** What the definitions of a snapshot need of the server. */
  static Needs needs(Manifest manifest) {
    return Needs.of(entry(manifest).about());
  }

  private static Entry entry(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> entry.kind() == EntryKind.DDL)
        .findFirst()
        .orElseThrow(() -> new NotEqualException("the snapshot holds no definitions"));
  }

  private static Path write(SnapshotReader reader, Manifest manifest, Path temp)
      throws IOException {
    Files.createDirectories(
        temp, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Entry ddl = entry(manifest);
    Path file = secret(temp, "definitions", ".dump");
    try (OutputStream out = Files.newOutputStream(file)) {
      reader.read(ddl, chunk -> out.write(chunk.array(), chunk.arrayOffset(), chunk.remaining()));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return file;
  }

  private static Path secret(Path temp, String prefix, String suffix) throws IOException {
    return Files.createTempFile(
        temp,
        prefix,
        suffix,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /**
   * Only indexes, constraints and materialized views are made by several sessions. All else comes
   * in the order of the dump: {@code pg_restore --jobs} does not know, for one, that a partition's
   * trigger can only be disabled when its parent's exists.
   *
   * @throws PermanentException when the role may not create something that cannot be left out
   */
  void restore(String section, Target target) throws Exception {
    restore(section, target, all -> all);
  }

  /** The same for some of it. */
  void restore(String section, Target target, UnaryOperator<Contents> part) throws Exception {
    spans.in(
        "pg_restore " + section,
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql"),
        () -> {
          Contents all = part.apply(contents(section, target));
          Contents extras = target.superuser() ? new Contents(List.of()) : all.extras();
          Contents indexes = all.indexes();
          Contents refreshes = all.refreshes();
          partitioned |= all.partitioned();
          // Two foreign keys of partitioned tables lock each other's partitions, in any order.
          Contents foreignKeys = partitioned ? new Contents(List.of()) : all.foreignKeys();
          String jobs = "--jobs=" + target.parallel();
          pgRestore(target, List.of(STRICT, jobs), indexes);
          pgRestore(target, List.of(STRICT, jobs), foreignKeys);
          pgRestore(
              target,
              List.of(STRICT),
              all.without(extras).without(indexes).without(foreignKeys).without(refreshes));
          pgRestore(target, List.of(STRICT, jobs), refreshes);
          extras(target, extras);
          return null;
        });
  }

  private Contents contents(String section, Target target)
      throws IOException, InterruptedException {
    return Contents.parse(pgRestore(target, List.of("--list", "--section=" + section)))
        .without(target.unmet());
  }

  /** Foreign keys one by one: those that do not hold here are told and left out. */
  void foreignKeys(Target target, Predicate<Contents.Line> wanted)
      throws IOException, InterruptedException {
    for (Contents.Line line : contents("post-data", target).foreignKeys().of(wanted).lines()) {
      try {
        pgRestore(target, List.of(STRICT), new Contents(List.of(line)));
      } catch (PgChild.FailedException e) {
        if (!e.getMessage().contains("ERROR: ")) {
          throw e;
        }
        run.warn("left out " + line.text() + ", for it refers to rows that were not chosen");
      }
    }
  }

  private void extras(Target target, Contents extras) throws Exception {
    try {
      pgRestore(target, List.of(), extras);
    } catch (PgChild.FailedException | PermanentException e) {
      run.warn("left out, for only a superuser may create it: " + e.getMessage());
    }
  }

  private void pgRestore(Target target, List<String> options, Contents contents)
      throws IOException, InterruptedException {
    if (contents.lines().isEmpty()) {
      return;
    }
    run.checkpoint();
    Path list = secret(file.getParent(), "contents", ".list");
    try {
      Files.writeString(list, contents.useList());
      List<String> all = new ArrayList<>(options);
      // Without --section: it would look for a comment's section at what the list leaves out.
      all.add("--use-list=" + list);
      pgRestore(target, all);
    } finally {
      Files.deleteIfExists(list);
    }
  }

  private String pgRestore(Target target, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(tools.program("pg_restore").toString());
    command.addAll(options);
    if (!target.owners()) {
      command.add("--no-owner");
      command.add("--no-privileges");
      command.add("--no-publications");
      command.add("--no-subscriptions");
      command.add("--no-tablespaces");
    }
    command.add(file.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      child.run(command, target.address(), in -> in.transferTo(out));
    } catch (PgChild.FailedException e) {
      if (FORBIDDEN.matcher(e.getMessage()).find()) {
        throw new PermanentException(
            "role "
                + target.address().username()
                + " may not create on "
                + target.address().host()
                + " what the snapshot holds; restore as a role that may: "
                + e.getMessage(),
            e);
      }
      throw e;
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
