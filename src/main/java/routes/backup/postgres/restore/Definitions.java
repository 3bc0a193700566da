package routes.backup.postgres.restore;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import routes.backup.postgres.archive.DumpArchive;
import routes.backup.postgres.archive.ObjectComparison;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.archive.TableDependencies;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.database.ServerRequirements;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;
import routes.stores.postgres.PostgresAddress;
import routes.telemetry.Spans;

/**
 * A snapshot's definitions as a file of mode 0600, for as long as {@code pg_restore} needs it: run
 * once before the rows and once after, in parallel, it must seek.
 */
final class Definitions implements AutoCloseable {

  private final Path file;
  private final PgTools tools;
  private final PgChild child;
  private final PgRestore restore;
  private final Spans spans;
  private final RunContext run;
  private final TableOfContents contents;

  private Definitions(
      Path file,
      TableOfContents contents,
      PgTools tools,
      PgChild child,
      Spans spans,
      RunContext run) {
    this.file = file;
    this.contents = contents;
    this.tools = tools;
    this.child = child;
    this.restore = new PgRestore(file, tools, child, run);
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
    Path file = write(reader, manifest, child.temp());
    try {
      return new Definitions(file, DumpArchive.contents(file), tools, child, spans, run);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Whether an object is a policy of one of these tables. */
  boolean isPolicyOf(ServerRequirements.Naming object, List<TableName> tables) {
    return contents.kind("POLICY").lines().stream()
        .filter(line -> line.classOid() == object.classOid() && line.oid() == object.oid())
        .anyMatch(line -> tables.stream().anyMatch(table -> TableDependencies.isOf(line, table)));
  }

  /** The table of contents alone. */
  static TableOfContents contents(SnapshotReader reader, Manifest manifest, Path temp)
      throws IOException {
    Path file = write(reader, manifest, temp);
    try {
      return DumpArchive.contents(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  TableOfContents contents() {
    return contents;
  }

  /** What the definitions of a snapshot need of the server. */
  static ServerRequirements needs(Manifest manifest) {
    return ServerRequirements.of(entry(manifest).about());
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

  static Path secret(Path temp, String prefix, String suffix) throws IOException {
    return Files.createTempFile(
        temp,
        prefix,
        suffix,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /**
   * Makes the objects in the order of the dump, which alone knows what needs what. Neighbours that
   * are indexes, or foreign keys, are made by several sessions; all else is not: {@code pg_restore
   * --jobs} does not know, for one, that a partition's trigger can only be disabled when its
   * parent's exists.
   *
   * <p>As in {@code pg_restore}, privileges come after all objects and materialized views are
   * filled after these. Event triggers come last, unlike there: one that logs changes of the
   * database would write rows for the refreshes.
   *
   * @throws PermanentException when the role may not create something that cannot be left out
   */
  void restore(TableOfContents.Section section, DefinitionsTarget target) throws Exception {
    restore(section, target, all -> all);
  }

  /** The same for some of it. */
  void restore(
      TableOfContents.Section section,
      DefinitionsTarget target,
      UnaryOperator<TableOfContents> part)
      throws Exception {
    spans.in(
        "pg_restore " + section.words(),
        SpanKind.CLIENT,
        Map.of("db.system.name", "postgresql"),
        () -> {
          TableOfContents all = part.apply(contents(section, target));
          TableOfContents extras =
              target.superuser() ? new TableOfContents(List.of()) : all.extras();
          TableOfContents refreshes = all.refreshes();
          TableOfContents eventTriggers = all.eventTriggers().without(extras);
          TableOfContents privileges = all.privileges();
          List<TableOfContents.Run> runs =
              all.without(extras)
                  .without(refreshes)
                  .without(eventTriggers)
                  .without(privileges)
                  .runs();
          for (TableOfContents.Run one : runs) {
            restore.run(target, options(one.parallel(), target), one.contents());
          }
          restore.run(target, PgRestore.STRICT, privileges);
          new ViewRefresh(restore, run).fill(target, refreshes);
          restore.run(target, PgRestore.STRICT, eventTriggers);
          extras(target, extras);
          return null;
        });
  }

  private List<String> options(TableOfContents.Parallel parallel, DefinitionsTarget target) {
    boolean several =
        switch (parallel) {
          case INDEXES -> true;
          // Two foreign keys of partitioned tables lock each other's partitions, in any order.
          case FOREIGN_KEYS -> !contents.partitioned();
          case NONE -> false;
        };
    return several ? PgRestore.strictly(target.jobs()) : PgRestore.STRICT;
  }

  /**
   * Compares what the snapshot holds with what the target does, once all is restored.
   *
   * @param tools version of the pg_dump that wrote the snapshot's definitions; may be null
   */
  ObjectComparison compare(DefinitionsTarget target, String tools) throws Exception {
    TableOfContents expected = contents.without(target.unmet());
    TableOfContents optional =
        target.superuser() ? new TableOfContents(List.of()) : expected.extras();
    if (!target.owners()) {
      expected = expected.of(line -> !isWithOwnersOnly(line));
    }
    return ObjectComparison.of(
        expected, optional, found(target.address()), this.tools.version().equals(tools));
  }

  /** Of publications and subscriptions, which tell other servers or are told by them. */
  private static boolean isWithOwnersOnly(TableOfContents.Line line) {
    return Stream.of("PUBLICATION", "SUBSCRIPTION")
        .anyMatch(
            kind ->
                line.kind().startsWith(kind)
                    || line.classOid() == 0 && line.name().startsWith(kind + " "));
  }

  /** What a dump of a database would hold. */
  private TableOfContents found(PostgresAddress database) throws Exception {
    Path dump = secret(file.getParent(), "found", ".dump");
    try {
      return spans.in(
          "pg_dump",
          SpanKind.CLIENT,
          Map.of("db.system.name", "postgresql"),
          () -> {
            List<String> command =
                List.of(
                    tools.program("pg_dump").toString(),
                    "--format=custom",
                    "--compress=0",
                    "--section=pre-data",
                    "--section=post-data");
            try (OutputStream out = Files.newOutputStream(dump)) {
              child.run(command, database, in -> in.transferTo(out));
            }
            return DumpArchive.contents(dump);
          });
    } finally {
      Files.deleteIfExists(dump);
    }
  }

  private TableOfContents contents(TableOfContents.Section section, DefinitionsTarget target) {
    return contents.section(section).without(target.unmet());
  }

  /** Foreign keys one by one: those that do not hold here are told and left out. */
  void foreignKeys(DefinitionsTarget target, Predicate<TableOfContents.Line> wanted)
      throws Exception {
    for (TableOfContents.Line line :
        contents(TableOfContents.Section.POST_DATA, target).foreignKeys().of(wanted).lines()) {
      try {
        restore.run(target.strict(), PgRestore.STRICT, new TableOfContents(List.of(line)));
      } catch (PgChild.FailedException e) {
        if (!e.getMessage().contains("ERROR: ")) {
          throw e;
        }
        run.warn("left out " + line.text() + ", for it refers to rows that were not chosen");
      }
    }
  }

  private void extras(DefinitionsTarget target, TableOfContents extras) throws Exception {
    try {
      restore.run(target.strict(), List.of(), extras);
    } catch (PgChild.FailedException | PermanentException e) {
      run.warn("left out, for only a superuser may create it: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
