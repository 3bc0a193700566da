package routes.backup.postgres.restore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import routes.backup.postgres.archive.DamagedException;
import routes.backup.postgres.archive.SnapshotReader;
import routes.backup.postgres.archive.TableName;
import routes.backup.postgres.archive.TableSelection;
import routes.kernel.errors.InvalidInputException;
import routes.repository.format.Manifest;

/**
 * Tables of a snapshot that a person names, found in the snapshot's own definitions.
 *
 * @param temp folder for the definitions while they are read
 */
public record SnapshotTables(SnapshotReader reader, Manifest manifest, Path temp) {

  /**
   * The tables that a person names, and what they cannot do without, from the snapshot's own
   * definitions.
   *
   * @return null when neither is given: the whole snapshot
   * @throws InvalidInputException naming the parameter
   * @throws DamagedException when the definitions cannot be read
   */
  public TableSelection selection(String schemas, String tables, List<TableName> unprotected)
      throws IOException {
    return schemas == null && tables == null
        ? null
        : TableSelection.of(
            manifest, Definitions.contents(reader, manifest, temp), schemas, tables, unprotected);
  }

  /**
   * Tables of the snapshot that a person names.
   *
   * @param names between commas; null: none
   * @throws InvalidInputException naming the parameter when the snapshot has no such table
   */
  public List<TableName> named(String parameter, String names) throws IOException {
    if (names == null) {
      return List.of();
    }
    List<TableName> known =
        Definitions.contents(reader, manifest, temp).kind("TABLE").lines().stream()
            .map(TableName::of)
            .toList();
    return TableSelection.names(parameter, names).stream()
        .map(name -> TableSelection.find(parameter, name, known))
        .toList();
  }
}
