package routes.backup.postgres.script;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import routes.backup.postgres.script.Globals.Attribute;
import routes.backup.postgres.script.Globals.Membership;
import routes.backup.postgres.script.Globals.Role;
import routes.backup.postgres.script.Globals.Setting;
import routes.backup.postgres.session.Sql;

/** Takes the statements of {@code pg_dumpall --globals-only}, and makes {@link Globals} of them. */
public final class GlobalsReader implements SqlScript.Sink {

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
    SqlWords words = new SqlWords(statement.line(), sql);
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
  private void session(SqlWords words) {
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

  private void create(SqlWords words) {
    String name = words.name();
    words.end();
    if (roles.putIfAbsent(name, new Draft(name)) != null) {
      throw new ScriptException(words.line, "role " + Sql.name(name) + " is made twice");
    }
  }

  private Draft role(SqlWords words) {
    String name = words.name();
    Draft role = roles.get(name);
    if (role == null) {
      throw new ScriptException(words.line, "role " + Sql.name(name) + " was not made before");
    }
    return role;
  }

  private void alter(SqlWords words) {
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

  private static void attribute(Draft role, SqlWords words) {
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
  private static String hash(SqlWords words) {
    String hash = words.string();
    if (!hash.matches("SCRAM-SHA-256\\$[0-9]{1,10}:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=:]+")
        && !hash.matches("md5[0-9a-f]{32}")) {
      throw new ScriptException(words.line, "a password that is not a hash");
    }
    return hash;
  }

  private void grant(SqlWords words) {
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
  private void privileges(SqlWords words) {
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
