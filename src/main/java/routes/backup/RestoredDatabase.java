package routes.backup;

/** A database that a restore made and gave its name; {@code restore.finished} tells of it. */
interface RestoredDatabase {
  String source();

  String snapshot();

  String target();

  String database();
}
