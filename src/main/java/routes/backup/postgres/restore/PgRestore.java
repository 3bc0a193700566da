package routes.backup.postgres.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import routes.backup.postgres.archive.TableOfContents;
import routes.backup.postgres.session.PgChild;
import routes.backup.postgres.session.PgTools;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;

/**
 * Runs {@code pg_restore} for some of what a file of definitions holds.
 *
 * @param file in pg_dump's format
 */
record PgRestore(Path file, PgTools tools, PgChild child, RunContext run) {

  /** The first error ends it. */
  static final List<String> STRICT = List.of("--exit-on-error");

  /** As servers say it, in English: programs run in the locale C, servers mostly. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("(?i)must be (a )?superuser|permission denied|must be (owner|member) of");

  /** Bytes of messages: a restore that goes on has one an object. */
  private static final int SAID = 4_000;

  private static final int SAID_WHEN_IT_GOES_ON = 16 << 20;

  /** The same, with more options. */
  static List<String> strictly(String... more) {
    return Stream.concat(STRICT.stream(), Stream.of(more)).toList();
  }

  /**
   * @param options STRICT, or such
   * @throws PermanentException when the role may not create something
   */
  void run(DefinitionsTarget target, List<String> options, TableOfContents contents)
      throws Exception {
    if (contents.lines().isEmpty()) {
      return;
    }
    run.checkpoint();
    Path list = Definitions.secret(file.getParent(), "contents", ".list");
    try {
      Files.writeString(list, contents.useList());
      List<String> all = new ArrayList<>(options);
      if (target.failures() != null) {
        all.removeAll(STRICT);
        // Only then does it name the entry that an error is of.
        all.add("--verbose");
      }
      // Without --section: it would look for a comment's section at what the list leaves out.
      all.add("--use-list=" + list);
      run(target, all);
    } catch (PgChild.FailedException e) {
      if (target.failures() == null || !target.failures().takes(e.getMessage(), contents)) {
        throw forbidden(target, e);
      }
    } finally {
      Files.deleteIfExists(list);
    }
  }

  /** Says who lacks what, where that is why. */
  private static Exception forbidden(DefinitionsTarget target, PgChild.FailedException e) {
    return FORBIDDEN.matcher(e.getMessage()).find()
        ? new PermanentException(
            "role %s may not create on %s what the snapshot holds; restore as a role that may: %s"
                .formatted(target.address().username(), target.address().host(), e.getMessage()),
            e)
        : e;
  }

  private void run(DefinitionsTarget target, List<String> options)
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
}
