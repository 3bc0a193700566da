package routes.messaging.deadletters;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import routes.kernel.Columns;
import routes.messaging.deadletters.DeadLetterService.Content;
import routes.messaging.deadletters.DeadLetterService.Line;
import routes.messaging.deadletters.DeadLetterService.State;
import routes.messaging.deadletters.DeadLetterService.Whole;

/** Reads rows of {@code hub.dead_letter} as the API shows them. */
record DeadLetterRows(ObjectMapper json) {

  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  static Line line(ResultSet row, int number) throws SQLException {
    Instant replayed = Columns.instant(row, "replayed_at");
    Instant discarded = Columns.instant(row, "discarded_at");
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
        Columns.instant(row, "created_at"),
        replayed,
        row.getString("replayed_by"),
        Columns.instant(row, "edited_at"),
        row.getString("edited_by"),
        discarded,
        row.getString("discarded_by"),
        row.getString("discard_reason"));
  }

  Whole whole(ResultSet row, int number) throws SQLException {
    return new Whole(
        line(row, number),
        row.getString("error_detail"),
        content(row, ""),
        row.getBytes("original_body") == null ? null : content(row, "original_"));
  }

  private Content content(ResultSet row, String prefix) throws SQLException {
    byte[] body = row.getBytes(prefix + "body");
    String text = textOf(body);
    return new Content(
        row.getString(prefix + "media_type"),
        text,
        text == null ? Base64.getEncoder().encodeToString(body) : null,
        headers(row, prefix + "headers"));
  }

  /** Null when it is no UTF-8: replaced characters would be lost by an edit. */
  private static String textOf(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  Map<String, String> headers(ResultSet row, String column) throws SQLException {
    return Columns.read(json, row, column, HEADERS);
  }
}
