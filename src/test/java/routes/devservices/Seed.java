package routes.devservices;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A small ML security platform, the same on every machine: more than 200,000 rows in the schemas
 * {@code analytics}, {@code business_metrics}, {@code data_privacy} and {@code mlflow}, and the
 * objects that they name. A second call finds it there and does nothing.
 */
public final class Seed {

  private static final Logger LOG = LoggerFactory.getLogger(Seed.class);
  private static final String RECORDING = "/seed/mlflow.sql.gz";

  // Any constant will do, as long as every seeding process takes the same one.
  private static final long LOCK = 7_209_341_155_204_771L;

  private Seed() {}

  /**
   * What one call wrote; zeros when everything was there.
   *
   * @param rows in all tables
   * @param objects in all buckets
   */
  public record Written(long rows, int objects) {}

  /**
   * Seeds the stores that are ours. What the user configured is left alone.
   *
   * <p>The hub's migrations must have run on the database.
   */
  public static Written stores(DevServices services) throws SQLException {
    if (services.postgres().isConfigured() || services.s3().isConfigured()) {
      LOG.info("nothing is seeded into stores that the configuration names");
      return new Written(0, 0);
    }
    try (Connection connection = services.postgres().connect();
        S3Client s3 = services.s3().client()) {
      long rows = database(connection);
      int objects = SeedObjects.put(connection, s3);
      if (rows + objects > 0) {
        LOG.info("seeded {} rows and {} objects", rows, objects);
      }
      return new Written(rows, objects);
    }
  }

  /**
   * Seeds one migrated database in a single transaction: all of it or nothing.
   *
   * @return rows written, 0 when the tables already held rows
   */
  public static long database(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
      long rows = 0;
      if (!holds(statement, "SELECT 1 FROM pg_namespace WHERE nspname = 'mlflow'")) {
        rows += mlflow(statement);
      }
      if (!holds(statement, "SELECT 1 FROM analytics.model_performance LIMIT 1")) {
        rows += SeedRows.modelPerformance(connection);
        statement.execute("REFRESH MATERIALIZED VIEW analytics.model_performance_daily");
      }
      if (!holds(statement, "SELECT 1 FROM business_metrics.kpis LIMIT 1")) {
        rows += SeedRows.kpis(connection);
      }
      if (!holds(statement, "SELECT 1 FROM data_privacy.data_classifications LIMIT 1")) {
        rows += SeedRows.dataClassifications(connection);
      }
      connection.commit();
      if (rows > 0) {
        connection.setAutoCommit(true);
        statement.execute("ANALYZE");
      }
      return rows;
    } catch (IOException e) {
      connection.rollback();
      throw new UncheckedIOException("seeding was cut off", e);
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Replays what a real MLflow server made; see the README beside the recording. */
  private static long mlflow(Statement statement) throws SQLException, IOException {
    try (InputStream packed = Seed.class.getResourceAsStream(RECORDING);
        InputStream plain = new GZIPInputStream(packed)) {
      statement.execute(new String(plain.readAllBytes(), StandardCharsets.UTF_8));
      while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
        // The setval()s answer rows; walking on makes an error in any statement surface.
      }
    }
    long rows = 0;
    try (Statement each = statement.getConnection().createStatement();
        ResultSet tables =
            statement.executeQuery(
                "SELECT format('SELECT count(*) FROM %I.%I', schemaname, tablename)"
                    + " FROM pg_tables WHERE schemaname = 'mlflow'")) {
      while (tables.next()) {
        try (ResultSet count = each.executeQuery(tables.getString(1))) {
          count.next();
          rows += count.getLong(1);
        }
      }
    }
    return rows;
  }

  private static boolean holds(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next();
    }
  }
}
