package routes.backup.postgres.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import routes.devservices.TestStores;

/** What a real server reads as CSV is what it wrote as text. */
class CopyTextTest {

  private static Connection connection;

  @BeforeContainer
  static void connect() throws SQLException {
    connection = TestStores.get().newDatabase("csv").connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE original (a text, b text); CREATE TABLE copy (a text, b text);"
              + " CREATE TABLE one (a text); CREATE TABLE one_copy (a text)");
    }
  }

  @AfterContainer
  static void disconnect() throws SQLException {
    connection.close();
  }

  @Provide
  Arbitrary<List<String>> values() {
    Arbitrary<String> any = Arbitraries.strings().excludeChars('\0').ofMaxLength(12);
    Arbitrary<String> nasty =
        Arbitraries.strings().withChars("\\N\"',\t\n\r\b\f\u000b. n;ü€").ofMaxLength(8);
    return Arbitraries.oneOf(any.filter(CopyTextTest::encodable), nasty)
        .injectNull(0.15)
        .list()
        .ofMinSize(2)
        .ofMaxSize(20);
  }

  private static boolean encodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Property(tries = 300)
  void aServerReadsTheCsvBackAsItWas(
      @ForAll("values") List<String> values, @ForAll @IntRange(min = 1, max = 64) int piece)
      throws Exception {
    roundTrip("original", "copy", "a, b", values, piece);
  }

  @Property(tries = 100)
  void alsoOfOneColumnWhereANullIsAnEmptyLine(@ForAll("values") List<String> values)
      throws Exception {
    roundTrip("one", "one_copy", "a", values, 7);
  }

  private static void roundTrip(
      String from, String to, String columns, List<String> values, int piece) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE " + from + ", " + to);
    }
    int width = columns.split(", ").length;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + from + " VALUES (?" + ", ?".repeat(width - 1) + ")")) {
      for (int i = 0; i + width <= values.size(); i += width) {
        for (int column = 0; column < width; column++) {
          insert.setString(column + 1, values.get(i + column));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    copy.copyOut("COPY " + from + " TO STDOUT", text);
    byte[] csv = csv(List.of(columns.split(", ")), text.toByteArray(), piece);
    copy.copyIn(
        "COPY " + to + " FROM STDIN WITH (FORMAT csv, HEADER)", new ByteArrayInputStream(csv));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    copy.copyOut("COPY " + to + " TO STDOUT", again);
    assertThat(again.toString(StandardCharsets.UTF_8))
        .isEqualTo(text.toString(StandardCharsets.UTF_8));
  }

  private static byte[] csv(List<String> columns, byte[] text, int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CopyText csv = new CopyText(out);
    csv.header(columns, java.nio.charset.StandardCharsets.UTF_8);
    for (int at = 0; at < text.length; at += piece) {
      csv.piece(text, at, Math.min(piece, text.length - at));
    }
    return out.toByteArray();
  }

  @Test
  void aNullIsNothingAndAnEmptyTextIsQuoted() throws IOException {
    byte[] text = "1\t\\N\t\\\\N\t\nx\"y\\tz\ta,b\t\\\\\tü\n".getBytes(StandardCharsets.UTF_8);
    assertThat(new String(csv(List.of("id", "a \"b\"", "c", "d"), text, 1), StandardCharsets.UTF_8))
        .isEqualTo(
            "\"id\",\"a \"\"b\"\"\",\"c\",\"d\"\r\n"
                + "\"1\",,\"\\N\",\"\"\r\n"
                + "\"x\"\"y\tz\",\"a,b\",\"\\\",\"ü\"\r\n");
  }
}
