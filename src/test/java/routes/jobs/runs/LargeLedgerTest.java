package routes.jobs.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;
import routes.devservices.TestStores;
import routes.kernel.SqlFile;

/**
 * A ledger of a million runs: whatever looks at it reads a few pages, by an index. Plans and pages
 * are asserted, not times, which are another machine's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class LargeLedgerTest {

  /** 8 KiB pages; the table alone has more than 30,000. */
  private static final int FEW = 2_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private DriverManagerDataSource database;
  private JdbcClient jdbc;
  private TransactionTemplate transaction;
  private UUID someRun;

  @BeforeAll
  void aMillionRuns() {
    TestStores.Database fresh = TestStores.get().newDatabase("large");
    database = new DriverManagerDataSource(fresh.url(), fresh.username(), fresh.password());
    jdbc = JdbcClient.create(database);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
    // The runs are there before the last migrations, as they are when a hub is upgraded.
    migrate(database, "13");
    // One trigger per minute that succeeds, one that never does, one that is always skipped, and
    // the
    // jobs that metrics ask for.
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, params, state, requested_by,
                                     queued_at, timeout_ms, started_at, finished_at, headline, summary)
            SELECT gen_random_uuid(), job, 'schedule', job || '/main', at,
                   '{"source": "main", "copy": ""}',
                   CASE job WHEN 'backup.drill' THEN 'failed' WHEN 'backup.copy' THEN 'skipped'
                            ELSE 'succeeded' END,
                   'test', at, 60000, at, at + interval '1 s', 'done', '{"waitingBytes": 1}'
            FROM (SELECT timestamptz '2026-01-01' + n * interval '30 s' AS at,
                         (ARRAY['backup.postgres', 'backup.drill', 'backup.copy', 'backup.sweep',
                                'retention.snapshots', 'backup.postgres', 'backup.postgres',
                                'backup.postgres'])[n % 8 + 1] AS job
                  FROM generate_series(1, 1000000) n) runs""")
        .update();
    jdbc.sql(
            """
            INSERT INTO hub.trigger_state (trigger_id, covered_until, schedule)
            SELECT job || '/main', now(), 'test'
            FROM unnest(ARRAY['backup.postgres', 'backup.drill', 'backup.copy', 'gone']) job""")
        .update();
    migrate(database, "latest");
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, state, requested_by, timeout_ms)
            SELECT gen_random_uuid(), 'backup.postgres', 'backfill', 'backup.postgres/main',
                   now() - n * interval '61 s', 'queued', 'test', 60000
            FROM generate_series(1, 301) n""")
        .update();
    jdbc.sql("ANALYZE hub.job_run").update();
    someRun =
        jdbc.sql("SELECT id FROM hub.job_run ORDER BY queued_at OFFSET 500000 LIMIT 1")
            .query(UUID.class)
            .single();
  }

  private static void migrate(DriverManagerDataSource database, String target) {
    Flyway.configure()
        .dataSource(database)
        .schemas("hub")
        .defaultSchema("hub")
        .table("schema_version")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .locations("classpath:db/migration")
        .target(target)
        .load()
        .migrate();
  }

  static Stream<String> statements() {
    return Stream.of(
        "jobs/active",
        "jobs/cancel-all",
        "jobs/claim",
        "jobs/fire",
        "jobs/ledger-metrics",
        "jobs/reap",
        "jobs/run-log",
        "jobs/trigger-fires",
        "jobs/trigger-metrics",
        "jobs/trigger-states",
        "backup/copy-refused",
        "backup/copy-swept",
        "backup/metrics",
        "backup/retention-refused",
        "backup/sweep-last");
  }

  @ParameterizedTest
  @MethodSource("statements")
  void readsFewPages(String name) {
    few(SqlFile.load(name));
  }

  static Stream<String> lists() {
    List<String> filters =
        List.of(
            "",
            "AND r.job = 'backup.postgres'",
            "AND r.job = 'gone'",
            "AND r.trigger_id = :trigger");
    List<String> states =
        List.of("{queued,running,succeeded,failed,cancelled,skipped}", "{cancelled}", "{failed}");
    return filters.stream().flatMap(f -> states.stream().map(s -> f + "|" + s));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aListReadsAPage(String filterAndStates) {
    String[] parts = filterAndStates.split("\\|");
    String list = Runs.RUNS.replace("{filter}", parts[0]).replace(":states", "'" + parts[1] + "'");

    few(list);
    few(list.replace(":after", "'" + someRun + "'"));
  }

  @Test
  void deletingABatchReadsWhatItDeletes() {
    String delete =
        "DELETE FROM hub.job_run WHERE id IN"
            + " (SELECT id FROM hub.job_run ORDER BY queued_at LIMIT 10)";
    few(delete);
    // A plan does not tell what is read to find who refers to a run that goes.
    long read =
        rolledBack(
            () -> {
              assertThat(jdbc.sql(delete).update()).isEqualTo(10);
              return jdbc.sql(
                      "SELECT seq_tup_read FROM pg_stat_xact_user_tables"
                          + " WHERE relid = 'hub.job_run'::regclass")
                  .query(Long.class)
                  .single();
            });
    assertThat(read).as("runs read one after the other").isZero();
  }

  @Test
  void whoeverRefersToARunHasAnIndex() {
    assertThat(
            jdbc.sql(
                    """
                    SELECT conrelid::regclass || '.' || conname FROM pg_constraint c
                    WHERE contype = 'f' AND NOT EXISTS (
                      SELECT FROM pg_index i WHERE i.indrelid = c.conrelid
                        AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)""")
                .query(String.class)
                .list())
        .isEmpty();
  }

  @Test
  void aRunIsDeletedBeforeTheOneThatWasMadeFromIt() {
    rolledBack(
        () -> {
          jdbc.sql(
                  """
                  UPDATE hub.job_run SET replay_of = (SELECT id FROM hub.job_run WHERE state = 'failed' LIMIT 1)
                  WHERE id = (SELECT id FROM hub.job_run WHERE state = 'queued' LIMIT 1)""")
              .update();
          return jdbc.sql(
                  "DELETE FROM hub.job_run WHERE id IN (SELECT replay_of FROM hub.job_run"
                      + " WHERE replay_of IS NOT NULL)")
              .update();
        });
  }

  /** Runs it as a prepared statement, planned for these values and for any, and takes it back. */
  private void few(String sql) {
    ParsedSql parsed = NamedParameterUtils.parseSqlStatement(sql);
    MapSqlParameterSource values = new MapSqlParameterSource(params());
    String numbered = NamedParameterUtils.substituteNamedParameters(parsed, values);
    for (int n = 1; numbered.contains("?"); n++) {
      numbered = numbered.replaceFirst("\\?", "\\$" + n);
    }
    String prepare = "PREPARE asked AS " + numbered;
    String literals =
        Stream.of(NamedParameterUtils.buildValueArray(parsed, values, null))
            .flatMap(
                value -> value instanceof List<?> list ? list.stream() : Stream.of(value(value)))
            .map(LargeLedgerTest::literal)
            .collect(Collectors.joining(", "));
    String execute = "EXECUTE asked" + (literals.isEmpty() ? "" : "(" + literals + ")");
    for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
      JsonNode plan =
          rolledBack(
              () -> {
                direct("SET LOCAL plan_cache_mode = " + mode);
                direct(prepare);
                String told =
                    jdbc.sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + execute)
                        .query(String.class)
                        .single();
                direct("DEALLOCATE asked");
                return read(told);
              });
      JsonNode root = plan.path(0).path("Plan");
      List<String> whole = new ArrayList<>();
      scans(root, whole);
      assertThat(whole)
          .as("tables that %s reads whole, %s:%n%s", sql, mode, plan.toPrettyString())
          .doesNotContain("job_run", "run_log", "repository_lease");
      assertThat(root.path("Shared Hit Blocks").asLong() + root.path("Shared Read Blocks").asLong())
          .as("pages of %s, %s:%n%s", sql, mode, plan.toPrettyString())
          .isLessThan(FEW);
    }
  }

  private void direct(String sql) {
    new JdbcTemplate(database).execute(sql);
  }

  private static void scans(JsonNode node, List<String> whole) {
    if (node.path("Node Type").asText().equals("Seq Scan")) {
      whole.add(node.path("Relation Name").asText());
    }
    node.path("Plans").forEach(child -> scans(child, whole));
  }

  private static Object value(Object value) {
    return value == null ? "NULL" : value;
  }

  private static String literal(Object value) {
    return value.equals("NULL") || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : "'" + value + "'";
  }

  private <T> T rolledBack(java.util.function.Supplier<T> work) {
    return transaction.execute(
        status -> {
          status.setRollbackOnly();
          return work.get();
        });
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> params() {
    Map<String, Object> all = new HashMap<>();
    all.put("after", null);
    all.put("limit", 51);
    all.put("trigger", "backup.postgres/main");
    all.put("triggerId", "backup.postgres/main");
    all.put("job", "backup.postgres");
    all.put("kind", "api");
    all.put("state", "queued");
    all.put("by", "test");
    all.put("exclusiveKey", "nobody|has|it");
    all.put("node", "hub-1");
    all.put("jobs", List.of("backup.postgres", "backup.drill"));
    all.put("maxLost", 3);
    all.put("leaseSeconds", 10.0);
    all.put("triggerMost", 2);
    all.put("freshMost", 3);
    all.put("lateMost", 3);
    all.put("lateTurn", false);
    all.put("sources", "main,other");
    all.put("copies", "offsite,other");
    all.put("from", java.sql.Timestamp.valueOf("2026-11-30 00:00:00"));
    all.put("fireTime", java.sql.Timestamp.valueOf("2026-11-30 00:00:00"));
    all.put("id", UUID.randomUUID());
    all.put("params", "{}");
    all.put("skipOnOverlap", true);
    all.put("retries", 0);
    all.put("catchUp", false);
    all.put("backoffMs", 1L);
    all.put("timeoutMs", 1L);
    all.put("traceparent", null);
    return all;
  }
}
