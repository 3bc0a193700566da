package routes.messaging.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import routes.messaging.deadletters.DeadLetterService.Content;
import routes.messaging.deadletters.DeadLetterService.Line;
import routes.messaging.deadletters.DeadLetterService.State;
import routes.messaging.deadletters.DeadLetterService.Whole;

/** Reads rows of {@code hub.dead_letter} as the API shows them. */
record DeadLetterRows(ObjectMapper json) {

  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  static Line line(ResultSet row, int number) throws SQLException {
    Instant replayed = instant(row, "replayed_at");
    Instant discarded = instant(row, "discarded_at");
    return new Line(
        row.getObject("id", UUID.class),
        row.getString("message_id"),
        row.getString("port"),
        discarded != null ? State.DISCARDED : replayed != null ? State.REPLAYED : State.WAITING,
        row.getString("media_type"),
        row.getLong("bytes"),
        row.getString("error_type"),
        row.getString("trace_id"),
        row.getInt("failures"),
        instant(row, "created_at"),
        replayed,
        row.getString("replayed_by"),
        instant(row, "edited_at"),
        row.getString("edited_by"),
        discarded,
        row.getString("discarded_by"),
        row.getString("discard_reason"));
  }

  Whole whole(ResultSet row, int number) throws SQLException {
    byte[] original = row.getBytes("original_body");
    return new Whole(
        line(row, number),
        row.getString("error_detail"),
        content(row.getString("media_type"), row.getBytes("body"), row.getString("headers")),
        original == null
            ? null
            : content(
                row.getString("original_media_type"), original, row.getString("original_headers")));
  }

  private Content content(String mediaType, byte[] body, String headers) throws SQLException {
    String text = textOf(body);
    return new Content(
        mediaType,
        text,
        text == null ? Base64.getEncoder().encodeToString(body) : null,
        headers(headers));
  }

  /** Null when it is no UTF-8: replaced characters would be lost by an edit. */
  private static String textOf(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  Map<String, String> headers(String text) throws SQLException {
    try {
      return json.readValue(text, HEADERS);
    } catch (JsonProcessingException e) {
      throw new SQLException("headers of hub.dead_letter are not JSON", e);
    }
  }

  String text(Map<String, String> headers) {
    try {
      return json.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("headers cannot be written as JSON", e);
    }
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}
