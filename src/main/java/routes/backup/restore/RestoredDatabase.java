package routes.backup.restore;

/** A database that a restore made and gave its name; {@code restore.finished} tells of it. */
public interface RestoredDatabase {
  String source();

  String snapshot();

  String target();

  String database();
}
