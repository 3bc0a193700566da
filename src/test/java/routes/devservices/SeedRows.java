package routes.devservices;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** The rows of the three schemas the hub owns. */
final class SeedRows {

  static final List<String> MODELS =
      List.of(
          "fraud-detector",
          "prompt-guard",
          "pii-classifier",
          "malware-triage",
          "anomaly-scorer",
          "toxicity-filter");
  private static final Instant END = Instant.parse("2026-10-31T18:00:00Z");
  private static final List<String> ENVIRONMENTS = List.of("production", "canary", "shadow");
  private static final List<String> REGIONS = List.of("eu-west", "eu-north", "us-east", "ap-south");
  private static final int WINDOWS = 6_700;
  private static final List<String> SOURCES = List.of("siem", "gateway", "ledger");
  private static final int PERIODS = 156;
  private static final int TABLES = 2_400;

  // Tabs, quotes, backslashes and text that looks like COPY's own marks: a backup must keep them.
  private static final List<String> NOTES =
      List.of(
          "Threshold lowered after incident SEC-4127; watch the false positives",
          "Replayed from s3://datasets/replay after the\tfeature store outage",
          "Canary held back:\nrecall on 'wire transfers' fell below 0.90",
          "Path C:\\models\\current copied verbatim from the vendor's report",
          "Überprüft – 誤検知が増加 (ticket №77)",
          "\\N is what the exporter wrote for an empty note",
          "");

  private SeedRows() {}

  /** Half-hourly confusion counts per model and environment; about 120,000 rows. */
  static long modelPerformance(Connection connection) throws SQLException, IOException {
    Draw draw = new Draw(20_261_101L);
    try (CopyRows rows =
        new CopyRows(
            connection,
            "analytics.model_performance (model_name, model_version, environment, measured_at,"
                + " window_seconds, true_positives, false_positives, true_negatives,"
                + " false_negatives, auc, latency_p50_ms, latency_p95_ms, feature_versions, slices,"
                + " notes)")) {
      for (int window = 0; window < WINDOWS; window++) {
        Instant at = END.minus(Duration.ofMinutes(30L * (WINDOWS - window)));
        for (String model : MODELS) {
          for (String environment : ENVIRONMENTS) {
            performance(rows, draw, window, at, model, environment);
          }
        }
      }
      return rows.rows();
    }
  }

  private static void performance(
      CopyRows rows, Draw draw, int window, Instant at, String model, String environment)
      throws IOException {
    int hour = at.atZone(ZoneOffset.UTC).getHour();
    int volume = (environment.equals("production") ? 4_000 : 300) * (hour > 6 && hour < 20 ? 3 : 1);
    int positives = draw.between(volume / 60, volume / 25);
    int negatives = draw.between(volume / 2, volume) - positives;
    // A slow drift after the last release, as a drift scan should find it.
    double recall = draw.ratio(0.94 - 0.04 * window / WINDOWS, 0.015);
    double fallout = draw.ratio(0.012, 0.003);
    int hits = (int) (positives * recall);
    int falseAlarms = (int) (negatives * fallout);
    double latency = Math.abs(draw.normal(11 + model.length() / 3.0, 2));
    boolean noted = draw.share(0.02);
    rows.add(
        model,
        (3 + window / 2_400) + "." + window / 600 % 4,
        environment,
        Draw.timestamp(at),
        1_800,
        hits,
        falseAlarms,
        negatives - falseAlarms,
        positives - hits,
        draw.share(0.03) ? null : Draw.decimal(draw.ratio(0.97, 0.008), 6),
        latency,
        latency * (2.2 + draw.between(0, 100) / 100.0),
        List.of("identity@" + (12 + window / 1_000), "velocity \"7d\"@" + (4 + window / 3_000)),
        "{\"channel\": {\"mobile\": "
            + Draw.decimal(draw.ratio(recall, 0.02), 4)
            + ", \"web\": "
            + Draw.decimal(draw.ratio(recall, 0.02), 4)
            + "}, \"region\": \""
            + draw.one(REGIONS)
            + "\"}",
        noted ? draw.one(NOTES) : null);
  }

  /** Weekly values of 20 KPIs in 10 business units over three years; about 31,000 rows. */
  static long kpis(Connection connection) throws SQLException, IOException {
    Draw draw = new Draw(20_261_102L);
    List<String[]> definitions = SeedWords.kpis();
    long total;
    try (CopyRows rows =
        new CopyRows(
            connection,
            "business_metrics.kpi_definitions (id, name, unit, higher_is_better, description)")) {
      for (int i = 0; i < definitions.size(); i++) {
        String[] kpi = definitions.get(i);
        rows.add(i + 1, kpi[0], kpi[1], kpi[2], kpi[4]);
      }
      total = rows.rows();
    }
    try (CopyRows rows =
        new CopyRows(
            connection,
            "business_metrics.kpis (definition_id, business_unit, period, value, target,"
                + " dimensions, recorded_at)")) {
      LocalDate last = LocalDate.of(2026, 10, 26);
      for (int week = PERIODS; week > 0; week--) {
        LocalDate from = last.minusWeeks(week);
        for (int i = 0; i < definitions.size(); i++) {
          double target = Double.parseDouble(definitions.get(i)[3]);
          for (String unit : SeedWords.BUSINESS_UNITS) {
            rows.add(
                i + 1,
                unit,
                "[" + from + "," + from.plusWeeks(1) + ")",
                Draw.decimal(Math.abs(draw.normal(target, target / 7)), 4),
                draw.share(0.05) ? null : Draw.decimal(target, 4),
                "{\"source\": \"" + draw.one(SOURCES) + "\", \"final\": " + (week > 2) + "}",
                Draw.timestamp(
                    END.minus(Duration.ofDays(7L * (week - 1)))
                        .plusSeconds(draw.between(0, 7_200))));
          }
        }
      }
      return total + rows.rows();
    }
  }

  /** Verdicts for the columns of 2,400 tables and prefixes; about 60,000 rows. */
  static long dataClassifications(Connection connection) throws SQLException, IOException {
    Draw draw = new Draw(20_261_103L);
    try (CopyRows rows =
        new CopyRows(
            connection,
            "data_privacy.data_classifications (id, parent_id, store, location, sensitivity,"
                + " categories, confidence, legal_basis, retention, sample_sha256, evidence,"
                + " detected_at, reviewed_at, reviewed_by)")) {
      for (int table = 0; table < TABLES; table++) {
        String store = draw.one(List.of("postgresql", "postgresql", "s3", "redis"));
        String location = SeedWords.location(draw, store, table);
        UUID parent = draw.uuid();
        classification(rows, draw, parent, null, store, location, SeedWords.column(draw, 0));
        int columns = draw.between(18, 31);
        for (int column = 0; column < columns; column++) {
          SeedWords.Column found = SeedWords.column(draw, column);
          String place = location + (store.equals("postgresql") ? "." : "#") + found.name();
          classification(rows, draw, draw.uuid(), parent, store, place, found);
        }
      }
      return rows.rows();
    }
  }

  private static void classification(
      CopyRows rows,
      Draw draw,
      UUID id,
      UUID parent,
      String store,
      String location,
      SeedWords.Column column)
      throws IOException {
    Instant detected = END.minusSeconds(draw.between(0, 86_400 * 180));
    boolean reviewed = draw.share(0.7);
    rows.add(
        id,
        parent,
        store,
        location,
        column.sensitivity(),
        column.categories(),
        Draw.decimal(draw.ratio(0.88, 0.07), 3),
        column.categories().isEmpty() ? null : draw.one(SeedWords.LEGAL_BASES),
        column.categories().isEmpty() ? null : draw.one(SeedWords.RETENTIONS),
        draw.bytes(32),
        "{\"rules\": [\""
            + column.rule()
            + "\"], \"sampled\": 1000, \"matched\": "
            + (column.categories().isEmpty() ? 0 : draw.between(600, 1_000))
            + "}",
        Draw.timestamp(detected),
        reviewed ? Draw.timestamp(detected.plusSeconds(draw.between(3_600, 864_000))) : null,
        reviewed ? draw.one(SeedWords.REVIEWERS) : null);
  }
}
