package routes.backup;

import routes.backup.postgres.PostgresRestore;
import routes.backup.postgres.RolesRestore;

/**
 * Body of {@code direct:restore.postgres}.
 *
 * @param source whose snapshot
 * @param snapshot {@code latest}, an id, or the beginning of one
 * @param target name of a configured target
 * @param database the new database's name; null when {@code into} is given
 * @param owners whether owners and privileges are restored; their roles must exist
 * @param hub whether the hub's own schema is restored too
 * @param schemas only these, names between commas; null: all
 * @param tables only these, {@code schema.table} between commas; null: all
 * @param copy name of a configured copy to restore from; empty: the repository itself
 * @param into the database whose place the restored one takes; null when {@code database} is given
 * @param force whether that one may hold something: it is kept then, under another name
 * @param globals whether the snapshot's roles that are missing are made first
 * @param powers whether those get the powers they had: superuser and the like
 * @param unprotected tables whose policies may be left out where their roles are missing; null:
 *     none
 * @param keepGoing whether the rest is restored when something fails
 */
public record RestoreRequest(
    String source,
    String snapshot,
    String target,
    String database,
    boolean owners,
    boolean hub,
    String schemas,
    String tables,
    String copy,
    String into,
    boolean force,
    boolean globals,
    boolean powers,
    String unprotected,
    boolean keepGoing) {

  /** A run that was queued by an older hub names no copy. */
  public RestoreRequest {
    copy = copy == null ? "" : copy;
  }

  /** Name of the database that is there in the end. */
  String name() {
    return into == null ? database : into;
  }

  PostgresRestore.Place place() {
    if (into == null) {
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
}
