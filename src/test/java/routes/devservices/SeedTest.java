package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The seeded platform is the same everywhere, and the schemas it lives in adopt what is there. */
class SeedTest {

  private static final TestStores STORES = TestStores.get();
  private static final TestStores.Database SEEDED = STORES.newDatabase("seed");
  private static long rows;

  @BeforeAll
  static void seed() throws SQLException {
    migrate(SEEDED);
    try (Connection connection = SEEDED.connect()) {
      rows = Seed.database(connection);
    }
  }

  @Test
  void holdsTwoHundredThousandRows() throws SQLException {
    long counted = 0;
    try (Connection connection = SEEDED.connect()) {
      for (String table : tables(connection)) {
        counted += Long.parseLong(value(connection, "SELECT count(*) FROM " + table));
      }
      assertThat(value(connection, "SELECT count(*) FROM analytics.model_performance_daily"))
          .isNotEqualTo("0");
    }
    assertThat(counted).isEqualTo(rows).isGreaterThanOrEqualTo(200_000);
  }

  @Test
  void aSecondSeedingWritesNothing() throws SQLException {
    try (Connection connection = SEEDED.connect()) {
      assertThat(Seed.database(connection)).isZero();
    }
  }

  @Tag("slow")
  @Test
  void twoFreshDatabasesAreEqual() throws SQLException {
    TestStores.Database other = STORES.newDatabase("seed-again");
    migrate(other);
    try (Connection left = SEEDED.connect();
        Connection right = other.connect()) {
      Seed.database(right);
      assertThat(hashes(right)).isEqualTo(hashes(left)).hasSizeGreaterThan(60);
    }
  }

  @Test
  void theRecordedMlflowHasRunsMetricsAndARegistry() throws SQLException {
    try (Connection connection = SEEDED.connect()) {
      assertThat(
              value(
                  connection,
                  "SELECT concat_ws(' ', (SELECT count(*) >= 100 FROM mlflow.runs),"
                      + " (SELECT count(*) >= 5000 FROM mlflow.metrics),"
                      + " (SELECT count(DISTINCT name) FROM mlflow.registered_models),"
                      + " (SELECT count(*) FROM mlflow.model_versions),"
                      + " (SELECT string_agg(DISTINCT alias, ',') FROM mlflow.registered_model_aliases))"))
          .isEqualTo("t t 6 30 challenger,champion,rollback");
    }
  }

  @Test
  void objectsLieWhereTheRegistrySaysAndAreOnlyPutOnce() throws SQLException {
    try (Connection connection = SEEDED.connect()) {
      assertThat(SeedObjects.put(connection, STORES.s3Client())).isGreaterThan(100);
      String source =
          value(connection, "SELECT min(source) FROM mlflow.model_versions")
              .replace("s3://mlflow-artifacts/", "");
      assertThat(
              STORES
                  .s3Client()
                  .headObject(r -> r.bucket("mlflow-artifacts").key(source + "/model.bin"))
                  .contentLength())
          .isGreaterThan(10_000);
      assertThat(SeedObjects.put(connection, STORES.s3Client())).isZero();
    }
  }

  @Test
  void anExistingTableIsAdoptedWithItsRowsAndItsOwnColumns() throws SQLException {
    TestStores.Database database = STORES.newDatabase("adopt");
    try (Connection own = database.connect()) {
      execute(own, "CREATE SCHEMA business_metrics");
      execute(
          own,
          "CREATE TABLE business_metrics.kpi_definitions (id integer PRIMARY KEY, name text,"
              + " unit text, higher_is_better boolean, description text, owner text)");
      execute(own, "INSERT INTO business_metrics.kpi_definitions VALUES (99, 'ours', '%', true)");
      migrate(database);
      assertThat(value(own, "SELECT name FROM business_metrics.kpi_definitions")).isEqualTo("ours");
    }
  }

  @Test
  void aConflictingTableStopsTheMigrationByName() throws SQLException {
    TestStores.Database database = STORES.newDatabase("conflict");
    try (Connection own = database.connect()) {
      execute(own, "CREATE SCHEMA business_metrics");
      execute(
          own,
          "CREATE TABLE business_metrics.kpi_definitions (id integer, name varchar(20), unit text,"
              + " higher_is_better boolean, region text NOT NULL)");
      assertThatThrownBy(() -> migrate(database))
          .hasMessageContaining("business_metrics.kpi_definitions")
          .hasMessageContaining("column name is character varying(20), expected text")
          .hasMessageContaining("column description is missing, expected text")
          .hasMessageContaining("column region is NOT NULL without a default");
      assertThat(value(own, "SELECT to_regclass('analytics.model_performance')")).isNull();
    }
  }

  private static void migrate(TestStores.Database database) {
    Flyway.configure()
        .dataSource(database.url(), database.username(), database.password())
        .schemas("hub")
        .table("schema_version")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN"
                    + " ('analytics', 'business_metrics', 'data_privacy', 'mlflow')")) {
      while (names.next()) {
        tables.add(names.getString(1));
      }
    }
    return tables;
  }

  private static Map<String, String> hashes(Connection connection) throws SQLException {
    Map<String, String> hashes = new TreeMap<>();
    for (String table : tables(connection)) {
      hashes.put(
          table,
          value(
              connection,
              "SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY t::text), '')) FROM "
                  + table
                  + " AS t"));
    }
    return hashes;
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
