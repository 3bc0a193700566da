package routes.backup.postgres.restore;

import java.util.List;
import routes.backup.postgres.archive.RestoreFailures;
import routes.backup.postgres.database.ServerRequirements;
import routes.stores.postgres.PostgresAddress;

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
record DefinitionsTarget(
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
  DefinitionsTarget strict() {
    return new DefinitionsTarget(address, parallel, owners, unmet, superuser, null);
  }
}
