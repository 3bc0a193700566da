package routes.backup.postgres.script;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import routes.backup.postgres.database.DatabaseSettings;
import routes.backup.postgres.session.Sql;

/**
 * What {@code pg_dumpall --globals-only} says of a server's roles. Statements are taken apart, and
 * never run as they are written: whatever is not one of that program's forms is refused. Pure.
 *
 * @param roles in their order
 * @param memberships in their order
 * @param leftOut what is no role's, by name: tablespaces, privileges on parameters, labels
 */
public record Globals(List<Role> roles, List<Membership> memberships, List<String> leftOut) {

  public Globals {
    roles = List.copyOf(roles);
    memberships = List.copyOf(memberships);
    leftOut = List.copyOf(leftOut);
  }

  /** What a role may be; each has a form with {@code NO} before it. */
  public enum Attribute {
    SUPERUSER,
    INHERIT,
    CREATEROLE,
    CREATEDB,
    LOGIN,
    REPLICATION,
    BYPASSRLS
  }

  /**
   * A setting of a role.
   *
   * @param values one, or the names of a list
   */
  public record Setting(String name, List<String> values) {
    /** After {@code ALTER … SET}. */
    public String sql() {
      return DatabaseSettings.assignment(
          name, String.join(", ", values.stream().map(Sql::literal).toList()));
    }
  }

  /**
   * A role.
   *
   * @param connectionLimit −1: none
   * @param password its hash, or null
   * @param validUntil as the server wrote it, or null
   * @param comment or null
   */
  public record Role(
      String name,
      Set<Attribute> attributes,
      int connectionLimit,
      String password,
      String validUntil,
      List<Setting> settings,
      String comment) {

    /** Never the hash. */
    @Override
    public String toString() {
      return name + attributes;
    }
  }

  /**
   * A role's membership in another.
   *
   * @param inherit null: as the role itself says
   * @param set null: yes
   */
  public record Membership(
      String role, String member, boolean admin, Boolean inherit, Boolean set) {}

  /**
   * @throws ScriptException naming the line of what pg_dumpall does not write
   */
  public static Globals parse(byte[] text) {
    Reader reader = new Reader();
    SqlScript script = new SqlScript(reader);
    script.feed(text, 0, text.length);
    script.finish();
    return reader.globals();
  }

  /** A role that is being read. */
  private static final class Draft {
    private final String name;
    private final Set<Attribute> attributes = EnumSet.of(Attribute.INHERIT);
    private final List<Setting> settings = new ArrayList<>();
    private int connectionLimit = -1;
    private String password;
    private String validUntil;
    private String comment;

    Draft(String name) {
      this.name = name;
    }

    Role role() {
      return new Role(
          name,
          Set.copyOf(attributes),
          connectionLimit,
          password,
          validUntil,
          List.copyOf(settings),
          comment);
    }
  }

  /** Takes the statements of a script. */
  public static final class Reader implements SqlScript.Sink {
    private static final Set<String> SESSION =
        Set.of("default_transaction_read_only", "client_encoding", "standard_conforming_strings");

    private final Map<String, Draft> roles = new LinkedHashMap<>();
    private final List<Membership> memberships = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private Charset charset = StandardCharsets.UTF_8;

    /** What was read; all of it only when the script has ended. */
    public Globals globals() {
      return new Globals(
          roles.values().stream().map(Draft::role).toList(),
          memberships,
          leftOut.stream().distinct().toList());
    }

    @Override
    public void copy(SqlScript.Statement statement) {
      throw refused(statement.line(), "COPY");
    }

    @Override
    public void rows(byte[] source, int offset, int length) {
      throw new IllegalStateException("no COPY was taken");
    }

    @Override
    public void endCopy() {
      throw new IllegalStateException("no COPY was taken");
    }

    @Override
    public void connect(String database) {
      throw refused(1, "\\connect");
    }

    @Override
    public void comment(String text) {
      // says nothing to a server
    }

    @Override
    public void statement(SqlScript.Statement statement) {
      String sql = new String(statement.text(), charset);
      Words words = new Words(statement.line(), sql);
      if (words.take("SET")) {
        session(words);
      } else if (words.take("CREATE", "ROLE")) {
        create(words);
      } else if (words.take("ALTER", "ROLE")) {
        alter(words);
      } else if (words.take("COMMENT", "ON", "ROLE")) {
        Draft role = role(words);
        words.need("IS");
        role.comment = words.string();
        words.end();
      } else if (words.take("GRANT")) {
        grant(words);
      } else if (words.take("REVOKE")) {
        privileges(words);
      } else if (words.take("CREATE", "TABLESPACE")
          || words.take("ALTER", "TABLESPACE")
          || words.take("COMMENT", "ON", "TABLESPACE")) {
        leftOut.add("tablespace " + words.name());
      } else if (words.take("SECURITY", "LABEL")) {
        leftOut.add("security labels");
      } else {
        throw refused(statement.line(), SqlRules.name(sql));
      }
    }

    /** Of what psql's session is told, only the encoding says something here. */
    private void session(Words words) {
      String name = words.name();
      words.needEither("=", "TO");
      String value = words.value();
      words.end();
      if (!SESSION.contains(name)) {
        throw refused(words.line, "SET " + name);
      }
      if (name.equals("client_encoding")) {
        charset = SqlLoad.charset(words.line, value);
      } else if (name.equals("standard_conforming_strings") && !value.equals("on")) {
        throw refused(words.line, "SET " + name);
      }
    }

    private void create(Words words) {
      String name = words.name();
      words.end();
      if (roles.putIfAbsent(name, new Draft(name)) != null) {
        throw new ScriptException(words.line, "role " + Sql.name(name) + " is made twice");
      }
    }

    private Draft role(Words words) {
      String name = words.name();
      Draft role = roles.get(name);
      if (role == null) {
        throw new ScriptException(words.line, "role " + Sql.name(name) + " was not made before");
      }
      return role;
    }

    private void alter(Words words) {
      Draft role = role(words);
      if (words.take("SET")) {
        String name = words.setting();
        words.needEither("TO", "=");
        List<String> values = new ArrayList<>();
        do {
          values.add(words.value());
        } while (words.take(","));
        words.end();
        role.settings.add(new Setting(name, List.copyOf(values)));
      } else {
        words.need("WITH");
        while (!words.atEnd()) {
          attribute(role, words);
        }
      }
    }

    private static void attribute(Draft role, Words words) {
      for (Attribute attribute : Attribute.values()) {
        if (words.take(attribute.name())) {
          role.attributes.add(attribute);
          return;
        } else if (words.take("NO" + attribute.name())) {
          role.attributes.remove(attribute);
          return;
        }
      }
      if (words.take("CONNECTION", "LIMIT")) {
        role.connectionLimit = words.number();
      } else if (words.take("PASSWORD")) {
        role.password = hash(words);
      } else if (words.take("VALID", "UNTIL")) {
        role.validUntil = words.string();
      } else {
        throw words.refused();
      }
    }

    /** Only what a server would keep as it is: anything else, it would take for a password. */
    private static String hash(Words words) {
      String hash = words.string();
      if (!hash.matches("SCRAM-SHA-256\\$[0-9]{1,10}:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=:]+")
          && !hash.matches("md5[0-9a-f]{32}")) {
        throw new ScriptException(words.line, "a password that is not a hash");
      }
      return hash;
    }

    private void grant(Words words) {
      if (!words.isMembership()) {
        privileges(words);
        return;
      }
      String role = words.name();
      words.need("TO");
      String member = words.name();
      boolean admin = false;
      Boolean inherit = null;
      Boolean set = null;
      if (words.take("WITH")) {
        do {
          if (words.take("ADMIN")) {
            admin = words.option();
          } else if (words.take("INHERIT")) {
            inherit = words.option();
          } else {
            words.need("SET");
            set = words.option();
          }
        } while (words.take(","));
      }
      if (words.take("GRANTED", "BY")) {
        words.name(); // whoever restores grants it
      }
      words.end();
      memberships.add(new Membership(role, member, admin, inherit, set));
    }

    /** {@code GRANT} and {@code REVOKE} on what is the server's. */
    private void privileges(Words words) {
      while (!words.atEnd()) {
        if (words.take("ON", "TABLESPACE")) {
          leftOut.add("privileges on tablespace " + words.name());
          return;
        } else if (words.take("ON", "PARAMETER")) {
          leftOut.add("privileges on parameter " + words.setting());
          return;
        }
        words.skip();
      }
      throw words.refused();
    }

    private static ScriptException refused(long line, String what) {
      return new ScriptException(line, "what pg_dumpall does not write of roles, " + what);
    }
  }

  /** The words of one statement, from left to right. */
  private static final class Words {
    private enum Kind {
      WORD,
      QUOTED,
      STRING,
      NUMBER,
      SIGN
    }

    private record Word(Kind kind, String text) {}

    private final long line;
    private final List<Word> all = new ArrayList<>();
    private int at;

    Words(long line, String sql) {
      this.line = line;
      int from = 0;
      while (from < sql.length()) {
        from = read(sql, from);
      }
    }

    /** Reads one word, or the blank before one; returns where the next begins. */
    private int read(String sql, int from) {
      char first = sql.charAt(from);
      if (" \t\r\n\f".indexOf(first) >= 0) {
        return from + 1;
      }
      if (first == '\'' || first == '"') {
        return quoted(sql, from + 1, first, false);
      }
      if ((first == 'E' || first == 'e')
          && from + 1 < sql.length()
          && sql.charAt(from + 1) == '\'') {
        return quoted(sql, from + 2, '\'', true);
      }
      int end = from + 1;
      if (isLetter(first)) {
        while (end < sql.length() && (isLetter(sql.charAt(end)) || isDigit(sql.charAt(end)))) {
          end++;
        }
        all.add(new Word(Kind.WORD, sql.substring(from, end)));
      } else if (isDigit(first) || first == '-') {
        while (end < sql.length() && isDigit(sql.charAt(end))) {
          end++;
        }
        all.add(new Word(Kind.NUMBER, sql.substring(from, end)));
      } else if (",=.".indexOf(first) >= 0) {
        all.add(new Word(Kind.SIGN, String.valueOf(first)));
      } else {
        throw new ScriptException(line, "a sign that pg_dumpall does not write there");
      }
      return end;
    }

    private static boolean isLetter(char c) {
      return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private int quoted(String sql, int from, char quote, boolean escapes) {
      StringBuilder text = new StringBuilder();
      int next = from;
      while (next < sql.length()) {
        char here = sql.charAt(next++);
        if (here == quote) {
          if (next == sql.length() || sql.charAt(next) != quote) {
            all.add(new Word(quote == '"' ? Kind.QUOTED : Kind.STRING, text.toString()));
            return next;
          }
          next++;
        } else if (escapes && here == '\\') {
          // The one that pg_dumpall writes.
          if (next == sql.length() || sql.charAt(next) != '\\') {
            break;
          }
          next++;
        }
        text.append(here);
      }
      throw new ScriptException(line, "a quote that pg_dumpall does not write");
    }

    private boolean is(int index, String word) {
      return index < all.size()
          && (all.get(index).kind() == Kind.WORD || all.get(index).kind() == Kind.SIGN)
          && all.get(index).text().equalsIgnoreCase(word);
    }

    /** Goes on behind these words if they come next. */
    boolean take(String... words) {
      for (int i = 0; i < words.length; i++) {
        if (!is(at + i, words[i])) {
          return false;
        }
      }
      at += words.length;
      return true;
    }

    void need(String word) {
      if (!take(word)) {
        throw refused();
      }
    }

    void needEither(String one, String other) {
      if (!take(one)) {
        need(other);
      }
    }

    private Word next() {
      if (atEnd()) {
        throw refused();
      }
      return all.get(at++);
    }

    /** A name; one without quotes as the server folds it. */
    String name() {
      Word word = next();
      if (word.text().isEmpty()) {
        throw refused();
      }
      return switch (word.kind()) {
        case QUOTED -> word.text();
        case WORD -> word.text().toLowerCase(Locale.ROOT);
        default -> throw refused();
      };
    }

    /** A setting's name; an extension's has two parts. */
    String setting() {
      StringBuilder name = new StringBuilder(name());
      while (take(".")) {
        name.append('.').append(name());
      }
      return name.toString();
    }

    String string() {
      Word word = next();
      if (word.kind() != Kind.STRING) {
        throw refused();
      }
      return word.text();
    }

    String value() {
      Word word = next();
      if (word.kind() == Kind.SIGN || word.kind() == Kind.QUOTED) {
        throw refused();
      }
      return word.text();
    }

    int number() {
      Word word = next();
      if (word.kind() != Kind.NUMBER || !word.text().matches("-?[0-9]{1,9}")) {
        throw refused();
      }
      return Integer.parseInt(word.text());
    }

    /** Of a membership: OPTION and TRUE are yes. */
    boolean option() {
      if (take("OPTION") || take("TRUE")) {
        return true;
      }
      need("FALSE");
      return false;
    }

    /** Whether a name and TO come next: privileges have ON first. */
    boolean isMembership() {
      return is(at + 1, "TO");
    }

    void skip() {
      at++;
    }

    boolean atEnd() {
      return at >= all.size();
    }

    void end() {
      if (!atEnd()) {
        throw refused();
      }
    }

    ScriptException refused() {
      // Never a string: it may be a hash.
      StringBuilder beginning = new StringBuilder();
      for (Word word : all.subList(0, Math.min(3, all.size()))) {
        beginning.append(' ').append(word.kind() == Kind.STRING ? "…" : word.text());
      }
      return new ScriptException(line, "a form that pg_dumpall does not write:" + beginning);
    }
  }
}
