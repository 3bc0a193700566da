package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.Covers;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.jobs.ledger.Run;

/** Backup, drill, verification and restore by their ports, against real servers. */
@Covers({"backup.catalogue.rebuild", "backup.drill", "backup.postgres"})
class BackupTest extends BackupSteps {

  @Test
  void everythingARichSchemaHoldsIsRestoredEqual() throws Exception {
    Run backup = succeeded(run("backup.postgres", "rich"));
    long rows = backup.summary().get("rows").asLong();
    try (Connection original = TestSources.RICH.connect()) {
      // An unlogged table is emptied when another test kills the server.
      String unlogged = single(original, "SELECT count(*) FROM shop.scratchpad");
      assertThat(rows).isEqualTo(8013 + Long.parseLong(unlogged));
    }

    Run drill = succeeded(run("backup.drill", "rich"));
    assertThat(drill.headline()).startsWith("verified " + rows + " rows equal, RTO ");
    assertThat(listed("rich").get(0).verified()).isTrue();
    assertThat(databases("hub_drill_%")).isEmpty();

    Run restore =
        succeeded(
            ended(
                submit(
                        "restore.postgres",
                        Map.of("source", "rich", "target", "spare", "database", "rich_again"))
                    .id()));
    assertThat(restore.headline())
        .startsWith("restored " + rows + " rows, all equal, into spare/rich_again");
    try (Connection again = connect("rich_again");
        Connection original = TestSources.RICH.connect()) {
      for (String query :
          List.of(
              "SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM shop.customers c",
              "SELECT sum(span_length) FROM shop.customers",
              "SELECT sum(total) FROM shop.big_totals",
              "SELECT count(*) FROM ONLY shop.parent",
              "SELECT note FROM ONLY shop.parent",
              "SELECT string_agg(t::text, ';') FROM \"Odd \"\"Schema\"\"\".\"Tab le ${x}; --\" t",
              "SELECT count(*) FROM shop.no_columns",
              "SELECT sum(length(body)) FROM shop.wide",
              "SELECT last_value || ' ' || is_called FROM shop.ticket",
              "SELECT last_value || ' ' || is_called FROM shop.untouched",
              "SELECT string_agg(md5(lo_get(oid)), ' ' ORDER BY oid) FROM pg_largeobject_metadata",
              "SELECT obj_description('shop.customers'::regclass)",
              "SELECT count(*) FROM pg_policy")) {
        assertThat(single(again, query)).as(query).isEqualTo(single(original, query)).isNotNull();
      }
      // The identity goes on where the original would.
      assertThat(single(again, "INSERT INTO shop.customers (name) VALUES ('next') RETURNING id"))
          .isEqualTo(single(original, "SELECT last_value + 1 FROM shop.customers_id_seq"));
    }
  }

  @Test
  void anUnchangedDatabaseSendsAlmostNothing() {
    succeeded(run("backup.postgres", "rich"));
    Run second = succeeded(run("backup.postgres", "rich"));

    long stored = second.summary().get("storedBytes").asLong();
    assertThat(second.summary().get("newBytes").asLong()).isLessThan(stored / 10);
  }

  @Test
  void aRestoreNeverTouchesADatabaseThatExists() {
    succeeded(run("backup.postgres", "small"));

    Run restore =
        ended(
            submit(
                    "restore.postgres",
                    Map.of(
                        "source", "small", "target", "spare", "database", TestSources.POOR.name()))
                .id());

    assertThat(restore.state()).isEqualTo("failed");
    assertThat(restore.headline()).contains("params.database").contains("exists already");
    assertThat(databases("hub_restore_%")).isEmpty();
  }

  @Test
  void theHubsOwnSchemaIsLeftOutUnlessAskedFor() throws Exception {
    TestSources.execute(
        TestSources.SMALL,
        "CREATE SCHEMA IF NOT EXISTS hub; COMMENT ON SCHEMA hub IS 'ML Security Hub: test';"
            + " CREATE TABLE IF NOT EXISTS hub.mine (id int)");
    succeeded(run("backup.postgres", "small"));
    for (boolean hub : new boolean[] {false, true}) {
      String database = "hub_" + hub + "_" + System.nanoTime();
      succeeded(
          ended(
              submit(
                      "restore.postgres",
                      Map.of(
                          "source", "small", "target", "spare", "database", database, "hub", hub))
                  .id()));
      try (Connection restored = connect(database)) {
        assertThat(single(restored, "SELECT (to_regclass('hub.mine') IS NOT NULL)::text"))
            .isEqualTo(Boolean.toString(hub));
      }
    }
    TestSources.execute(TestSources.SMALL, "DROP SCHEMA hub CASCADE");
  }

  @Test
  void aRestoredDatabaseIsCalledWhateverPostgresqlTakes() throws Exception {
    succeeded(run("backup.postgres", "small"));
    String database = "Shop \"2\" ${x} 'é'; -- " + System.nanoTime() % 1000;

    succeeded(
        ended(
            submit(
                    "restore.postgres",
                    Map.of("source", "small", "target", "spare", "database", database))
                .id()));

    assertThat(databases("Shop \"2\" ${x} %")).containsExactly(database);
  }

  @Test
  void aDryRunTellsEveryTableAndChangesNothing() {
    int before = count("rich");
    Run plan =
        ended(
            runs.submit(
                    new routes.jobs.runs.Runs.Request(
                        "backup.postgres", Map.of("source", "rich"), true, false, "test", null))
                .id());

    assertThat(plan.state()).isEqualTo("succeeded");
    assertThat(plan.summary().at("/items").findValuesAsText("target"))
        .contains("shop.customers", "shop.orders_2025", "large objects");
    assertThat(count("rich")).isEqualTo(before);
  }

  @Test
  void aLostCatalogueIsRebuiltFromTheRepository() {
    succeeded(run("backup.postgres", "small"));
    succeeded(run("backup.drill", "small"));
    SnapshotCatalogue.Snapshot before = listed("small").get(0);
    jdbc.sql("DELETE FROM hub.snapshot WHERE source = 'small'").update();
    jdbc.sql(
            "INSERT INTO hub.snapshot (source, id, taken_at, finished_at, row_count, plain_bytes,"
                + " stored_bytes, new_bytes) VALUES ('small', 'never-was', now(), now(), 0, 0, 0,"
                + " 0)")
        .update();

    Run rebuilt = succeeded(ended(submit("backup.catalogue.rebuild", Map.of()).id()));

    assertThat(rebuilt.summary().get("forgotten").asInt()).isEqualTo(1);
    SnapshotCatalogue.Snapshot after = listed("small").get(0);
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("drilledAt") // beside the snapshot in nanoseconds, here in microseconds
        .isEqualTo(before);
    assertThat(after.verified()).isTrue();
    assertThat(succeeded(ended(submit("backup.catalogue.rebuild", Map.of()).id())).headline())
        .endsWith("0 added, 0 forgotten");
  }
}
