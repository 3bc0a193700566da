package routes.devservices;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/** Writes rows into one table by COPY, the fastest way in. */
final class CopyRows implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final PGCopyOutputStream out;
  private final StringBuilder line = new StringBuilder();
  private long rows;

  /**
   * @param target table and columns as COPY takes them, e.g. {@code a.b (c, d)}
   */
  CopyRows(Connection connection, String target) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    out = new PGCopyOutputStream(postgres, "COPY " + target + " FROM STDIN", BUFFER_BYTES);
  }

  /** One row; lists become arrays, byte arrays bytea, null NULL, all else its text. */
  void add(Object... values) throws IOException {
    line.setLength(0);
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        line.append('\t');
      }
      if (values[i] == null) {
        line.append("\\N");
      } else {
        escape(text(values[i]));
      }
    }
    out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    rows++;
  }

  long rows() {
    return rows;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      StringBuilder array = new StringBuilder("{");
      for (Object element : list) {
        String quoted = element.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        array.append(array.length() > 1 ? ",\"" : "\"").append(quoted).append('"');
      }
      return array.append('}').toString();
    }
    return value.toString();
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> line.append("\\\\");
        case '\t' -> line.append("\\t");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        default -> line.append(c);
      }
    }
  }
}
