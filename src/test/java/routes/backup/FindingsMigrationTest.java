package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import routes.devservices.TestStores;

/** What an older hub knew of its snapshots is still known, in the columns where it belongs. */
class FindingsMigrationTest {

  @Test
  void aVerificationsFindingsLeaveTheDrillsColumns() {
    TestStores.Database fresh = TestStores.get().newDatabase("findings");
    DriverManagerDataSource database =
        new DriverManagerDataSource(fresh.url(), fresh.username(), fresh.password());
    migrate(database, "2");
    JdbcClient jdbc = JdbcClient.create(database);
    jdbc.sql(
            """
            INSERT INTO hub.snapshot (source, id, taken_at, finished_at, row_count, plain_bytes,
              stored_bytes, new_bytes, checked_at, verified, check_detail, rto_ms)
            VALUES
              ('main', 'proven', now(), now(), 1, 1, 1, 1, now(), true, 'verified 1 rows equal', 5),
              ('main', 'unequal', now(), now(), 1, 1, 1, 1, now(), false, 'table t: 1 row', NULL),
              ('main', 'read', now(), now(), 1, 1, 1, 1, now(), NULL, '3 chunks read', NULL),
              ('main', 'rotten', now(), now(), 1, 1, 1, 1, now(), false, '1 damaged chunks: t', 5),
              ('main', 'new', now(), now(), 1, 1, 1, 1, NULL, NULL, NULL, NULL)""")
        .update();

    migrate(database, "4");

    assertThat(
            jdbc.sql(
                    "SELECT id || ' ' || concat_ws(', ', CASE WHEN drilled_at IS NOT NULL THEN"
                        + " 'drilled' END, verified, drill_detail, CASE WHEN read_at IS NOT NULL"
                        + " THEN 'read' END, intact, read_detail) FROM hub.snapshot ORDER BY id")
                .query(String.class)
                .list())
        .containsExactly(
            "new ",
            "proven drilled, t, verified 1 rows equal",
            "read read, t, 3 chunks read",
            "rotten f, read, f, 1 damaged chunks: t",
            "unequal drilled, f, table t: 1 row");
  }

  private static void migrate(DriverManagerDataSource database, String target) {
    FluentConfiguration flyway =
        Flyway.configure()
            .dataSource(database)
            .schemas("hub")
            .defaultSchema("hub")
            .table("schema_version")
            .placeholders(Map.of())
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .locations("classpath:db/migration")
            .target(target);
    flyway.load().migrate();
  }
}
