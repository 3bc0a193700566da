package routes.backup.postgres.session;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import routes.devservices.TestStores;

/** The installed client programs that fit the tests' server. */
public final class TestTools {

  private TestTools() {}

  public static Path folder() {
    try (Connection connection = TestStores.get().postgres().connect()) {
      return PgTools.forServer(null, connection.getMetaData().getDatabaseMajorVersion()).folder();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
