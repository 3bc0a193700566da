package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.repositories.Repositories;
import routes.devservices.TestStores;
import routes.jobs.ledger.Run;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What tests of backups do again and again. */
abstract class BackupSteps extends HubTest {

  @Autowired protected Repositories repositories;

  protected Run run(String job, String source) {
    return ended(submit(job, Map.of("source", source)).id());
  }

  protected static Run succeeded(Run run) {
    assertThat(run.state()).as(run.headline()).isEqualTo("succeeded");
    return run;
  }

  /** Waits for the first failure of a run that would be tried again, and cancels the rest. */
  protected Run fails(String job, String source) {
    Run asked = submit(job, Map.of("source", source));
    Run failed =
        org.awaitility.Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> runs.get(asked.id()), run -> run.error() != null);
    if (!failed.ended()) {
      runs.cancel(failed.id(), "test");
      ended(failed.id());
    }
    return failed;
  }

  protected List<SnapshotCatalogue.Snapshot> listed(String source) {
    return camel.getRegistry().findSingleByType(SnapshotCatalogue.class).list(source, 10);
  }

  protected int count(String source) {
    return repositories.open().list(source).size();
  }

  protected static void put(S3Client s3, String key, byte[] bytes) {
    s3.putObject(put -> put.bucket(TestSources.BUCKET).key(key), RequestBody.fromBytes(bytes));
  }

  protected static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        TestStores.get().postgres().url(database),
        TestSources.SMALL.username(),
        TestSources.SMALL.password());
  }

  protected static String single(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  protected static List<String> databases(String like) {
    try (Connection connection = TestStores.get().postgres().connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT datname FROM pg_database WHERE datname LIKE '" + like + "'")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
