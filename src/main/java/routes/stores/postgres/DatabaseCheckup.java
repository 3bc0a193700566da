package routes.stores.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;
import routes.kernel.SqlFile;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;

/** The hub's own database, what it may do there, and whether their clocks agree. */
@Order(30)
record DatabaseCheckup(
    ObjectProvider<DatabaseProperties> database, ResourcePatternResolver resources, Clock clock)
    implements Checkup {

  private static final int OLDEST = 130_000;
  private static final int MOST_NAMED = 10;
  private static final Duration SKEW = Duration.ofSeconds(2);

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.database", this::database));
  }

  private void database(Findings findings) throws Exception {
    PostgresAddress address;
    try {
      address = database.getObject().address();
    } catch (IllegalArgumentException e) {
      findings.fail(e.getMessage(), "");
      return;
    }
    PostgresCheck.connect(
        "hub.database", address, findings, connection -> look(connection, address, findings));
  }

  private void look(Connection connection, PostgresAddress address, Findings findings)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SqlFile.load("doctor/database"))) {
      row.next();
      String told = address + ", PostgreSQL " + row.getString("version");
      if (row.getInt("number") < OLDEST) {
        findings.fail(told, "13 or newer is needed");
      }
      if (!row.getString("encoding").equals("UTF8")) {
        findings.fail(
            told + ", encoding " + row.getString("encoding"),
            "make the database with TEMPLATE template0 ENCODING 'UTF8'");
      }
      if (row.getBoolean("read_only")) {
        findings.fail(told + ", read-only", "give the primary's address, not a standby's");
      }
      findings.ok(
          told
              + ", "
              + row.getString("encoding")
              + ", "
              + migrations(connection, row.getBoolean("migrated"), findings));
    }
    List<String> missing = strings(connection, SqlFile.load("doctor/grants"));
    if (!missing.isEmpty()) {
      String more =
          missing.size() > MOST_NAMED ? "; and " + (missing.size() - MOST_NAMED) + " more" : "";
      findings.fail(
          "the role may not do all the hub does",
          String.join("; ", missing.subList(0, Math.min(MOST_NAMED, missing.size()))) + more);
    }
    clock(connection, findings);
  }

  private String migrations(Connection connection, boolean any, Findings findings)
      throws SQLException, IOException {
    int newest = 0;
    for (Resource file : resources.getResources("classpath*:db/migration/V*__*.sql")) {
      newest = Math.max(newest, version(String.valueOf(file.getFilename())));
    }
    if (!any) {
      return "empty: the first start makes the schemas (version " + newest + ")";
    }
    // Readable by the hub's role, or the missing GRANT is told.
    List<String> done =
        strings(
            connection,
            "SELECT version FROM hub.schema_version"
                + " WHERE version ~ '^\\d+$' AND success ORDER BY version::integer DESC LIMIT 1");
    if (!strings(connection, "SELECT version FROM hub.schema_version WHERE NOT success")
        .isEmpty()) {
      findings.fail("a migration failed half-way", "see hub.schema_version, and the hub's log");
    }
    int at = done.isEmpty() ? 0 : Integer.parseInt(done.get(0));
    if (at > newest) {
      findings.fail(
          "the schemas are of version " + at + ", this hub knows " + newest,
          "run the newer hub, the one that migrated them");
    }
    return "schemas of version "
        + at
        + (at < newest ? ", the next start brings them to " + newest : "");
  }

  private static int version(String file) {
    return Integer.parseInt(file.replaceFirst("^V(\\d+)__.*", "$1"));
  }

  private void clock(Connection connection, Findings findings) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Instant before = clock.instant();
      try (ResultSet row = statement.executeQuery("SELECT pg_catalog.clock_timestamp()")) {
        row.next();
        Instant there = row.getTimestamp(1).toInstant();
        Duration round = Duration.between(before, clock.instant());
        Duration apart = Duration.between(before.plus(round.dividedBy(2)), there);
        String told =
            String.format(
                Locale.ROOT, "the database's clock is %+.1f s from ours", apart.toMillis() / 1e3);
        if (apart.abs().compareTo(SKEW) > 0) {
          findings.warn(told, "schedules follow ours, leases the database's: run NTP on both");
        } else {
          findings.ok(told);
        }
      }
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }
}
