package routes.backup.restore;

import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.backup.postgres.restore.PostgresRestore;
import routes.backup.postgres.restore.RolesRestore;
import routes.jobs.OneOf;
import routes.jobs.Param;
import routes.kernel.errors.InvalidInputException;

/** What {@code restore.postgres} takes. */
public record RestoreRequest(
    // Any that the repository has: a new hub on an empty server has no sources yet.
    @Param("the database's name, as the repository has it") String source,
    @Param("latest, a snapshot's id, or the beginning of one") @DefaultValue("latest")
        String snapshot,
    @Param("the server's name under hub.targets") @OneOf("hub.targets") String target,
    @Param("name of the database to create; this or into is required") Optional<String> database,
    @Param("restore owners and privileges; their roles must exist") @DefaultValue("false")
        boolean owners,
    @Param("restore the hub's own schema, too") @DefaultValue("false") boolean hub,
    @Param("restore only the tables of these schemas, names between commas")
        Optional<String> schemas,
    @Param("restore only these tables, schema.table between commas, as the snapshot lists them")
        Optional<String> tables,
    @Param("a copy's name under hub.copies; empty: the repository itself")
        @OneOf("hub.copies")
        @DefaultValue("")
        String copy,
    @Param("name of an existing, empty database whose place the restored one takes")
        Optional<String> into,
    @Param(
            "with into: it may hold something and be in use; it is kept, renamed, and its sessions"
                + " are ended")
        @DefaultValue("false")
        boolean force,
    @Param("first make the snapshot's roles that the server lacks; others are never changed")
        @DefaultValue("false")
        boolean globals,
    @Param(
            "with globals: give them SUPERUSER, CREATEROLE, REPLICATION, BYPASSRLS and predefined"
                + " roles, as they had")
        @DefaultValue("false")
        boolean powers,
    @Param(
            "tables, schema.table between commas, whose policies may be left out where the server"
                + " lacks their roles")
        Optional<String> unprotected,
    @Param(
            "restore all that can be; what failed is listed, and the run fails with the database"
                + " under its name")
        @DefaultValue("false")
        boolean keepGoing) {

  /** Name of the database that is there in the end. */
  String name() {
    return into.or(() -> database).orElseThrow();
  }

  PostgresRestore.Place place() {
    if (into.isEmpty()) {
      return PostgresRestore.Place.NEW;
    }
    return force ? PostgresRestore.Place.ANY : PostgresRestore.Place.EMPTY;
  }

  RolesRestore.Wanted roles() {
    if (!globals) {
      return RolesRestore.Wanted.NONE;
    }
    return powers ? RolesRestore.Wanted.POWERFUL : RolesRestore.Wanted.PLAIN;
  }

  /** In words: where it goes. */
  String where() {
    return target + "/" + name();
  }

  /**
   * Looks whether the parameters fit each other.
   *
   * @throws InvalidInputException naming the one that does not
   */
  void check() {
    if (database().isPresent() == into().isPresent()) {
      throw new InvalidInputException(
          "params.database",
          "either database=… names a new database, or into=… an existing one: give one of them");
    }
    if (into().isEmpty()) {
      Restore.checkName(name());
    }
    if (force() && into().isEmpty()) {
      throw new InvalidInputException("params.force", "is for into=…: a new database needs none");
    }
    if (force() && (schemas().isPresent() || tables().isPresent())) {
      throw new InvalidInputException(
          "params.force",
          "some tables take the place of no whole database: restore them into a new one, and copy"
              + " them from there");
    }
    if (keepGoing() && force()) {
      throw new InvalidInputException(
          "params.keepGoing",
          "what may be incomplete takes no database's place: restore it under a new name");
    }
    if (powers() && !globals()) {
      throw new InvalidInputException("params.powers", "is for globals=true: leave it out");
    }
  }

  /** A plain dump tells no beginning and end of its tables, and roles are no part of it. */
  void requireWhole() {
    if (schemas().isPresent() || tables().isPresent()) {
      throw new InvalidInputException(
          schemas().isPresent() ? "params.schemas" : "params.tables",
          "an imported dump is restored whole: leave it out");
    }
    if (globals()) {
      throw new InvalidInputException(
          "params.globals", "an imported dump has no roles of its server: make them by hand");
    }
    if (keepGoing() || unprotected().isPresent()) {
      throw new InvalidInputException(
          keepGoing() ? "params.keepGoing" : "params.unprotected",
          "an imported dump is restored whole: leave it out");
    }
  }
}
