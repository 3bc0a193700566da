package routes.backup;

/**
 * Body of {@code direct:restore.postgres}.
 *
 * @param source whose snapshot
 * @param snapshot {@code latest}, an id, or the beginning of one
 * @param target name of a configured target
 * @param database the new database's name
 * @param owners whether owners and privileges are restored; their roles must exist
 * @param hub whether the hub's own schema is restored too
 * @param schemas only these, names between commas; null: all
 * @param tables only these, {@code schema.table} between commas; null: all
 * @param copy name of a configured copy to restore from; empty: the repository itself
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
    String copy) {}
