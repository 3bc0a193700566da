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
import org.springframework.stereotype.Component;
import routes.analytics.RedteamFile.Row;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.JsonSchemaRules;
import routes.messaging.outbox.HubEvent.Severity;
import routes.messaging.outbox.Outbox;

/**
 * What is to be known of rows that red teams send: which are wrong and why, what a table holds of
 * one, and which findings an event tells of. The route {@code redteam.ingest} writes them.
 */
@Component
class Redteam {

  /** A file with more wrong rows than this is taken for another kind of file, as a whole. */
  static final int MOST_REFUSED = 1_000;

  private final Outbox outbox;
  private final Map<Kind, JsonSchemaRules> rules = new EnumMap<>(Kind.class);

  Redteam(Outbox outbox) {
    this.outbox = outbox;
    for (Kind kind : Kind.values()) {
      rules.put(kind, JsonSchemaRules.load(kind.schema(), "schema of " + kind.text()));
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

  /** What becomes of a file, while its rows are written. */
  static final class Tally {
    private final Kind kind;
    private final int rows;
    private final List<Refused> refused = new ArrayList<>();
    private int created;
    private int updated;
    private int unchanged;
    private int critical;

    private Tally(Kind kind, int rows) {
      this.kind = kind;
      this.rows = rows;
    }

    Kind kind() {
      return kind;
    }

    /**
     * @param fresh whether a row is new; null: it was there as it is
     */
    void count(Boolean fresh) {
      created += Boolean.TRUE.equals(fresh) ? 1 : 0;
      updated += Boolean.FALSE.equals(fresh) ? 1 : 0;
      unchanged += fresh == null ? 1 : 0;
    }

    void told() {
      critical++;
    }

    /**
     * @throws InvalidInputException when too many are wrong
     */
    void refuse(Row row, String why) {
      if (refused.size() == MOST_REFUSED) {
        throw new InvalidInputException(
            "body",
            "more than %s rows are wrong, so nothing was taken; the first, line %s: %s"
                .formatted(MOST_REFUSED, refused.get(0).line(), refused.get(0).error()));
      }
      refused.add(new Refused(row.line(), why, row.text()));
    }

    Outcome outcome() {
      return new Outcome(kind.text(), rows, created, updated, unchanged, refused, critical);
    }
  }

  /**
   * Holds rows to the schema of their kind.
   *
   * @param good is given those that keep to it
   * @throws InvalidInputException when too many are wrong
   */
  Tally check(Kind kind, List<Row> rows, List<Row> good) {
    Tally tally = new Tally(kind, rows.size());
    for (Row row : rows) {
      wrong(kind, row).ifPresentOrElse(why -> tally.refuse(row, why), () -> good.add(row));
    }
    return tally;
  }

  private Optional<String> wrong(Kind kind, Row row) {
    return row.wrong() != null ? Optional.of(row.wrong()) : rules.get(kind).broken(row.row());
  }

  /** A row as parameters of the statement that writes it. */
  Map<String, Object> parameters(Kind kind, JsonNode row) {
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

  /** Appends the event of a finding; in the transaction of its row. */
  void tell(Kind kind, JsonNode row) {
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
    String id = "redteam.critical/" + kind.text() + "/" + kind.keyOf(row);
    outbox.append(
        new Outbox.Draft(
            UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)),
            "redteam",
            row.path("model_name").asText(),
            "redteam.critical",
            Severity.CRITICAL,
            data));
  }
}
