package routes.backup.postgres.script;

import routes.repository.format.Entry;
import routes.repository.format.Manifest;

/** A snapshot that is a dump in the plain format, taken over from elsewhere. */
public final class SqlDump {

  /** What such a manifest says it is. */
  public static final String KIND = "sql";

  private static final String DATABASE = "database";

  private SqlDump() {}

  public static boolean is(Manifest manifest) {
    return manifest.kind().equals(KIND);
  }

  /** Its one entry. */
  public static Entry entry(Manifest manifest) {
    return manifest.entries().get(0);
  }

  /** Which of the databases it holds is the snapshot's; null when it names none. */
  static String database(Entry entry) {
    return (String) entry.about().get(DATABASE);
  }
}
