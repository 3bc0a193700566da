package routes.analytics;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import routes.analytics.RedteamFile.Row;
import routes.platform.error.InvalidInputException;
import routes.platform.json.JsonRules;
import routes.platform.outbox.HubEvent.Severity;
import routes.platform.outbox.Outbox;
import routes.platform.sql.SqlFile;

/**
 * Writes what red teams found, row by row and each by its natural key: the same file twice changes
 * nothing. Good rows go in; what is wrong with the others is told by line.
 */
@Component
class Redteam {

  /** A file with more wrong rows than this is taken for another kind of file, as a whole. */
  static final int MOST_REFUSED = 1_000;

  private static final String TOLD = SqlFile.load("redteam/told");

  private final JdbcClient jdbc;
  private final TransactionTemplate whole;
  private final TransactionTemplate each;
  private final Outbox outbox;
  private final Map<Kind, JsonRules> rules = new EnumMap<>(Kind.class);

  Redteam(JdbcClient jdbc, PlatformTransactionManager transactions, Outbox outbox) {
    this.jdbc = jdbc;
    this.whole = new TransactionTemplate(transactions);
    this.each = new TransactionTemplate(transactions);
    this.each.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    this.outbox = outbox;
    for (Kind kind : Kind.values()) {
      rules.put(kind, JsonRules.load(kind.schema(), "schema of " + kind.text()));
    }
  }

  /**
   * A row that was not taken.
   *
   * @param line where it begins, from 1; in a JSON list its number
   * @param error what is wrong; never the value itself
   * @param text the row, for its dead letter
   */
  record Refused(long line, String error, @JsonIgnore String text) {}

  /**
   * What became of a file.
   *
   * @param rows all of it, count
   * @param created rows that are new
   * @param updated rows that were there and are different now
   * @param unchanged rows that were there as they are
   * @param refused those that were not taken; each is a dead letter
   * @param critical findings that an event tells of, count
   */
  record Outcome(
      String kind,
      int rows,
      int created,
      int updated,
      int unchanged,
      List<Refused> refused,
      int critical) {}

  /**
   * Writes the rows, all in one transaction with the events that tell of them.
   *
   * @throws InvalidInputException when too many are wrong; none is written then
   */
  Outcome write(Kind kind, List<Row> rows) {
    List<Refused> refused = new ArrayList<>();
    List<Row> good = new ArrayList<>();
    for (Row row : rows) {
      Optional<String> wrong = wrong(kind, row);
      wrong.ifPresentOrElse(why -> refuse(refused, row, why), () -> good.add(row));
    }
    return whole.execute(status -> write(kind, rows.size(), good, refused));
  }

  private Optional<String> wrong(Kind kind, Row row) {
    return row.wrong() != null ? Optional.of(row.wrong()) : rules.get(kind).broken(row.row());
  }

  private static void refuse(List<Refused> refused, Row row, String why) {
    if (refused.size() == MOST_REFUSED) {
      throw new InvalidInputException(
          "body",
          "more than "
              + MOST_REFUSED
              + " rows are wrong, so nothing was taken; the first, line "
              + refused.get(0).line()
              + ": "
              + refused.get(0).error());
    }
    refused.add(new Refused(row.line(), why, row.text()));
  }

  private Outcome write(Kind kind, int all, List<Row> good, List<Refused> refused) {
    int created = 0;
    int updated = 0;
    int unchanged = 0;
    int critical = 0;
    for (Row row : good) {
      Optional<Boolean> fresh;
      try {
        fresh = each.execute(status -> write(kind, row.row()));
      } catch (DataIntegrityViolationException e) {
        // An adopted table may have rules of its own.
        refuse(refused, row, "breaks a rule of its table");
        continue;
      }
      if (fresh.isEmpty()) {
        unchanged++;
        continue;
      }
      created += fresh.get() ? 1 : 0;
      updated += fresh.get() ? 0 : 1;
      critical += kind.isCritical(row.row()) && tell(kind, row.row()) ? 1 : 0;
    }
    return new Outcome(kind.text(), all, created, updated, unchanged, refused, critical);
  }

  private Optional<Boolean> write(Kind kind, JsonNode row) {
    return jdbc.sql(kind.sql()).params(parameters(kind, row)).query(Boolean.class).optional();
  }

  private Map<String, Object> parameters(Kind kind, JsonNode row) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String column : rules.get(kind).properties()) {
      JsonNode value = row.get(column);
      parameters.put(
          column,
          value == null || value.isNull()
              ? null
              : value.isTextual() ? value.asText() : value.toString());
    }
    return parameters;
  }

  /** In the transaction of the row; once per finding, however often it changes. */
  private boolean tell(Kind kind, JsonNode row) {
    String key = kind.keyOf(row);
    if (jdbc.sql(TOLD).param("kind", kind.text()).param("key", key).update() == 0) {
      return false;
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("kind", kind.text());
    for (String name :
        List.of(
            "vulnerability_id",
            "campaign",
            "result_id",
            "model_name",
            "model_version",
            "pattern_id")) {
      if (row.hasNonNull(name)) {
        data.put(name, row.get(name).asText());
      }
    }
    String id = "redteam.critical/" + kind.text() + "/" + key;
    outbox.append(
        new Outbox.Draft(
            UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)),
            "redteam",
            row.path("model_name").asText(),
            "redteam.critical",
            Severity.CRITICAL,
            data));
    return true;
  }
}
