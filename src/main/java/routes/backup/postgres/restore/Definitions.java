package routes.backup.postgres.restore;

import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import routes.backup.postgres.archive.DumpArchive;
import routes.backup.postgres.archive.ObjectComparison;
import routes.backup.postgres.archive.RestoreFailures;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.archive.TableDependencies;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.database.Inspector;
import routes.backup.postgres.database.NotEqualException;
import routes.backup.postgres.database.ServerRequirements;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.backup.postgres.session.PinnedSession;
import routes.jobs.RunContext;
import routes.kernel.SqlFile;
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

  /** As servers say it, in English: programs run in the locale C, servers mostly. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("(?i)must be (a )?superuser|permission denied|must be (owner|member) of");

  /** Bytes of messages: a restore that goes on has one an object. */
  private static final int SAID = 4_000;

  private static final int SAID_WHEN_IT_GOES_ON = 16 << 20;

  private static final String STRICT = "--exit-on-error";

  private static final String FORCED = SqlFile.load("backup/forced-row-security");

  private final Path file;
  private final PgTools tools;
  private final PgChild child;
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

  /**
   * Where definitions are restored to.
   *
   * @param parallel indexes and constraints at a time
   * @param owners whether owners and privileges are restored
   * @param unmet objects that are left out, for their roles are missing there
   * @param superuser whether the role may create everything; else what only a superuser may create,
   *     and nothing depends on, is tried apart and its failure told as a warning
   * @param failures takes what fails, so that the rest is restored; null: nothing may fail
   */
  record Target(
      PostgresAddress address,
      int parallel,
      boolean owners,
      List<ServerRequirements.Naming> unmet,
      boolean superuser,
      RestoreFailures failures) {

    /**
     * How many work at a time. One where some may fail: the processes of pg_restore write their
     * messages into each other's, and an error would lose the object that it is of.
     */
    String jobs() {
      return "--jobs=" + (failures == null ? parallel : 1);
    }

    /** The same where nothing may fail. */
    Target strict() {
      return new Target(address, parallel, owners, unmet, superuser, null);
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

  private static Path secret(Path temp, String prefix, String suffix) throws IOException {
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
  void restore(TableOfContents.Section section, Target target) throws Exception {
    restore(section, target, all -> all);
  }

  /** The same for some of it. */
  void restore(TableOfContents.Section section, Target target, UnaryOperator<TableOfContents> part)
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
            pgRestore(target, options(one.parallel(), target), one.contents());
          }
          pgRestore(target, List.of(STRICT), privileges);
          refresh(target, refreshes);
          pgRestore(target, List.of(STRICT), eventTriggers);
          extras(target, extras);
          return null;
        });
  }

  private List<String> options(TableOfContents.Parallel parallel, Target target) {
    boolean several =
        switch (parallel) {
          case INDEXES -> true;
          // Two foreign keys of partitioned tables lock each other's partitions, in any order.
          case FOREIGN_KEYS -> !contents.partitioned();
          case NONE -> false;
        };
    return several ? List.of(STRICT, target.jobs()) : List.of(STRICT);
  }

  /**
   * Fills materialized views as their owners see the tables: with row security applied, as the
   * source did. Where all belongs to the restoring role instead, what is forced upon owners is
   * taken off meanwhile; it would hide rows, or end the refresh.
   */
  private void refresh(Target target, TableOfContents refreshes) throws Exception {
    if (refreshes.lines().isEmpty()) {
      return;
    }
    List<String> options = List.of(STRICT, target.jobs(), "--enable-row-security");
    if (target.owners()) {
      refresh(target, options, refreshes);
      return;
    }
    try (PinnedSession session = PinnedSession.open(target.address(), "restore")) {
      List<String> forced = new Inspector(session).rows(FORCED, row -> row.getString(1));
      for (String table : forced) {
        session.execute("ALTER TABLE ONLY " + table + " NO FORCE ROW LEVEL SECURITY");
      }
      refresh(target, options, refreshes);
      for (String table : forced) {
        session.execute("ALTER TABLE ONLY " + table + " FORCE ROW LEVEL SECURITY");
      }
    }
  }

  /**
   * All at a time; when one fails, one after the other, in rounds while some succeed: the function
   * of a view may read another view, which the dump does not tell.
   */
  private void refresh(Target target, List<String> parallel, TableOfContents refreshes)
      throws Exception {
    try {
      pgRestore(target.strict(), parallel, refreshes);
      return;
    } catch (PgChild.FailedException | PermanentException e) {
      run.info("fills materialized views one after the other, for together: " + e.getMessage());
    }
    List<String> serial = List.of(STRICT, "--enable-row-security");
    List<TableOfContents.Line> waiting = refreshes.lines();
    while (!waiting.isEmpty()) {
      List<TableOfContents.Line> again = new ArrayList<>();
      Exception last = null;
      for (TableOfContents.Line line : waiting) {
        try {
          pgRestore(target.strict(), serial, new TableOfContents(List.of(line)));
        } catch (PgChild.FailedException | PermanentException e) {
          again.add(line);
          last = e;
        }
      }
      if (again.size() == waiting.size()) {
        if (target.failures() == null) {
          throw last;
        }
        pgRestore(target, serial, new TableOfContents(again));
        return;
      }
      waiting = again;
    }
  }

  /**
   * Compares what the snapshot holds with what the target does, once all is restored.
   *
   * @param tools version of the pg_dump that wrote the snapshot's definitions; may be null
   */
  ObjectComparison compare(Target target, String tools) throws Exception {
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

  private TableOfContents contents(TableOfContents.Section section, Target target) {
    return contents.section(section).without(target.unmet());
  }

  /** Foreign keys one by one: those that do not hold here are told and left out. */
  void foreignKeys(Target target, Predicate<TableOfContents.Line> wanted) throws Exception {
    for (TableOfContents.Line line :
        contents(TableOfContents.Section.POST_DATA, target).foreignKeys().of(wanted).lines()) {
      try {
        pgRestore(target.strict(), List.of(STRICT), new TableOfContents(List.of(line)));
      } catch (PgChild.FailedException e) {
        if (!e.getMessage().contains("ERROR: ")) {
          throw e;
        }
        run.warn("left out " + line.text() + ", for it refers to rows that were not chosen");
      }
    }
  }

  private void extras(Target target, TableOfContents extras) throws Exception {
    try {
      pgRestore(target.strict(), List.of(), extras);
    } catch (PgChild.FailedException | PermanentException e) {
      run.warn("left out, for only a superuser may create it: " + e.getMessage());
    }
  }

  private void pgRestore(Target target, List<String> options, TableOfContents contents)
      throws Exception {
    if (contents.lines().isEmpty()) {
      return;
    }
    run.checkpoint();
    Path list = secret(file.getParent(), "contents", ".list");
    try {
      Files.writeString(list, contents.useList());
      List<String> all = new ArrayList<>(options);
      if (target.failures() != null) {
        all.remove(STRICT);
        // Only then does it name the entry that an error is of.
        all.add("--verbose");
      }
      // Without --section: it would look for a comment's section at what the list leaves out.
      all.add("--use-list=" + list);
      pgRestore(target, all);
    } catch (PgChild.FailedException e) {
      if (target.failures() == null || !target.failures().takes(e.getMessage(), contents)) {
        throw forbidden(target, e);
      }
    } finally {
      Files.deleteIfExists(list);
    }
  }

  /** Says who lacks what, where that is why. */
  private static Exception forbidden(Target target, PgChild.FailedException e) {
    return FORBIDDEN.matcher(e.getMessage()).find()
        ? new PermanentException(
            "role %s may not create on %s what the snapshot holds; restore as a role that may: %s"
                .formatted(target.address().username(), target.address().host(), e.getMessage()),
            e)
        : e;
  }

  private void pgRestore(Target target, List<String> options)
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
    // It writes nothing on standard output.
    child.run(
        command,
        target.address(),
        in -> in.transferTo(OutputStream.nullOutputStream()),
        target.failures() == null ? SAID : SAID_WHEN_IT_GOES_ON);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
