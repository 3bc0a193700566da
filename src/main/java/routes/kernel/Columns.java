package routes.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/** Values of columns that the driver does not read or write itself: instants and JSON. */
public final class Columns {

  private Columns() {}

  /** Null for NULL. */
  public static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  /** Null for NULL. */
  public static JsonNode tree(ObjectMapper json, ResultSet row, String column) throws SQLException {
    return read(json, row, column, new TypeReference<JsonNode>() {});
  }

  /**
   * Null for NULL.
   *
   * @throws SQLException when the column holds something else
   */
  public static <T> T read(ObjectMapper json, ResultSet row, String column, TypeReference<T> type)
      throws SQLException {
    String text = row.getString(column);
    try {
      return text == null ? null : json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new SQLException("column " + column + " does not hold the JSON it should", e);
    }
  }

  /**
   * @throws IllegalArgumentException when it cannot be JSON
   */
  public static String text(ObjectMapper json, Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }
}
