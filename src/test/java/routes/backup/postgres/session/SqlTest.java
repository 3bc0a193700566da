package routes.backup.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import routes.devservices.TestStores;

/** Whatever a name or text holds, the server reads it back as it was. */
class SqlTest {

  private static final Set<Character> UNWRITABLE = Set.of('\0');
  private static Connection connection;

  @BeforeContainer
  static void connect() throws SQLException {
    connection = TestStores.get().postgres().connect();
  }

  @AfterContainer
  static void disconnect() throws SQLException {
    connection.close();
  }

  @Property(tries = 300)
  void aLiteralIsReadAsTheTextItWas(@ForAll @StringLength(max = 40) String text) throws Exception {
    Assume.that(isWritable(text));
    assertThat(read("SELECT " + Sql.literal(text))).isEqualTo(text);
  }

  /** A question mark is no parameter within quotes. */
  @Example
  void aQuestionMarkIsReadAsItWas() throws Exception {
    aLiteralIsReadAsTheTextItWas("a ? b ?? c");
    aNameIsReadAsTheNameItWas("?");
    aNameIsReadAsTheNameItWas("??");
  }

  @Property(tries = 300)
  void aNameIsReadAsTheNameItWas(@ForAll @StringLength(min = 1, max = 15) String name)
      throws Exception {
    Assume.that(isWritable(name));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 1 AS " + Sql.name(name))) {
      assertThat(row.getMetaData().getColumnName(1)).isEqualTo(name);
    }
  }

  /** PostgreSQL has no NUL, and UTF-8 no half of a surrogate pair. */
  private static boolean isWritable(String text) {
    return text.chars()
        .noneMatch(c -> UNWRITABLE.contains((char) c) || Character.isSurrogate((char) c));
  }

  private static String read(String sql) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
