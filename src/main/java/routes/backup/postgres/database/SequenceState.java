package routes.backup.postgres.database;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import routes.backup.postgres.session.PinnedSession;
import routes.backup.postgres.session.Sql;

/** Where a sequence stands: one JSON line of the entry {@code sequences}. */
@JsonPropertyOrder({"schema", "name", "last_value", "is_called"})
public record SequenceState(
    String schema,
    String name,
    @JsonProperty("last_value") long lastValue,
    @JsonProperty("is_called") boolean isCalled) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectReader READER = JSON.readerFor(SequenceState.class);

  public static SequenceState read(PinnedSession session, Database.Sequence sequence)
      throws SQLException {
    return new Inspector(session)
        .rows(
            "SELECT last_value, is_called FROM " + sequence.sql(),
            row ->
                new SequenceState(
                    sequence.schema(), sequence.name(), row.getLong(1), row.getBoolean(2)))
        .get(0);
  }

  public String label() {
    return "sequence " + sequence().label();
  }

  public byte[] line() {
    try {
      return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is JSON", e);
    }
  }

  /** Reads whole lines. */
  public static List<SequenceState> lines(ByteBuffer chunk) throws IOException {
    List<SequenceState> all = new ArrayList<>();
    READER
        .<SequenceState>readValues(chunk.array(), chunk.arrayOffset(), chunk.remaining())
        .forEachRemaining(all::add);
    return all;
  }

  public void restore(PinnedSession session) throws SQLException {
    session.execute(
        "SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %s)"
            .formatted(Sql.literal(sequence().sql()), lastValue, isCalled));
  }

  /**
   * @throws NotEqualException when it stands elsewhere
   */
  public void compare(PinnedSession session) throws SQLException {
    if (!equals(read(session, sequence()))) {
      throw new NotEqualException(
          "sequence " + sequence().label() + " has another value than the snapshot");
    }
  }

  public boolean isHere(PinnedSession session) throws SQLException {
    return new Inspector(session)
        .rows(
            "SELECT pg_catalog.to_regclass(" + Sql.literal(sequence().sql()) + ") IS NOT NULL",
            row -> row.getBoolean(1))
        .get(0);
  }

  private Database.Sequence sequence() {
    return new Database.Sequence(schema, name);
  }
}
