package routes.backup.postgres.restore;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import routes.backup.postgres.database.DatabaseSettings;
import routes.backup.postgres.script.Globals;
import routes.backup.postgres.script.Globals.Attribute;
import routes.backup.postgres.session.Sql;

/**
 * What is done with a snapshot's roles on a server: those that are missing are made, those that are
 * there stay as they are. Pure.
 *
 * @param steps in their order
 * @param created names
 * @param different roles that are there already and are not as the snapshot has them, with what
 *     differs
 * @param withheld powers that new roles had and do not get
 * @param leftOut what no restore brings, by name
 * @param withoutPassword new roles that could log in, if they had one
 */
public record RolePlan(
    List<Step> steps,
    List<String> created,
    List<String> different,
    List<String> withheld,
    List<String> leftOut,
    List<String> withoutPassword) {

  /** Powers over what the role does not own. CREATEROLE: before 16, it grants itself all others. */
  private static final Set<Attribute> POWERS =
      EnumSet.of(
          Attribute.SUPERUSER, Attribute.CREATEROLE, Attribute.REPLICATION, Attribute.BYPASSRLS);

  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4,6}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d)(:\\d\\d)?");

  /**
   * A statement.
   *
   * @param what in words; null: it makes the role, without which nothing goes on
   */
  public record Step(String sql, String what) {}

  /**
   * A role that is there.
   *
   * @param settings as the catalogues have them, {@code name=value}
   * @param powerful whether its members come to powers
   */
  public record Present(
      Set<Attribute> attributes,
      int connectionLimit,
      String validUntil,
      List<String> settings,
      List<String> memberOf,
      boolean powerful) {}

  /**
   * @param present all roles of the server, by name
   * @param powers whether new roles get the powers they had
   */
  public static RolePlan of(Globals globals, Map<String, Present> present, boolean powers) {
    Making making = new Making(present, powers);
    List<Globals.Role> missing = new ArrayList<>();
    for (Globals.Role role : globals.roles()) {
      if (present.containsKey(role.name())) {
        making.compare(role, globals.memberships());
      } else {
        missing.add(role);
        making.create(role);
      }
    }
    missing.forEach(making::finish);
    Set<String> made =
        missing.stream().map(Globals.Role::name).collect(Collectors.toCollection(TreeSet::new));
    Set<String> told = globals.roles().stream().map(Globals.Role::name).collect(Collectors.toSet());
    for (Globals.Membership membership : globals.memberships()) {
      if (made.contains(membership.member())) {
        making.join(membership, made);
      } else if (!told.contains(membership.member())) {
        making.unknown.add(what(membership) + ": the first is not a role of the snapshot's");
      }
    }
    return making.plan(globals.leftOut());
  }

  private static String what(Globals.Membership membership) {
    return "membership of " + Sql.name(membership.member()) + " in " + Sql.name(membership.role());
  }

  private static final class Making {
    private final Map<String, Present> present;
    private final boolean powers;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private final List<String> different = new ArrayList<>();
    private final Set<String> withheld = new LinkedHashSet<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final List<String> withoutPassword = new ArrayList<>();

    Making(Map<String, Present> present, boolean powers) {
      this.present = present;
      this.powers = powers;
    }

    RolePlan plan(List<String> leftOut) {
      List<String> all = new ArrayList<>(leftOut);
      all.addAll(unknown);
      return new RolePlan(
          List.copyOf(steps),
          List.copyOf(created),
          List.copyOf(different),
          List.copyOf(withheld),
          all,
          List.copyOf(withoutPassword));
    }

    void create(Globals.Role role) {
      StringBuilder sql = new StringBuilder("CREATE ROLE ").append(Sql.name(role.name()));
      for (Attribute attribute : Attribute.values()) {
        boolean has = role.attributes().contains(attribute);
        if (attribute == Attribute.INHERIT) {
          // The only one that a new role has unless told otherwise.
          sql.append(has ? "" : " NOINHERIT");
        } else if (!has) {
          continue;
        } else if (POWERS.contains(attribute) && !powers) {
          withheld.add(attribute + " of " + Sql.name(role.name()));
        } else {
          sql.append(' ').append(attribute);
        }
      }
      if (role.connectionLimit() >= 0) {
        sql.append(" CONNECTION LIMIT ").append(role.connectionLimit());
      }
      if (role.password() != null) {
        sql.append(" PASSWORD ").append(Sql.literal(role.password()));
      } else if (role.attributes().contains(Attribute.LOGIN)) {
        withoutPassword.add(role.name());
      }
      if (role.validUntil() != null) {
        sql.append(" VALID UNTIL ").append(Sql.literal(role.validUntil()));
      }
      steps.add(new Step(sql.toString(), null));
      created.add(role.name());
    }

    /** What may name other roles, or fail by itself. */
    void finish(Globals.Role role) {
      String name = Sql.name(role.name());
      for (Globals.Setting setting : role.settings()) {
        steps.add(
            new Step(
                "ALTER ROLE " + name + " SET " + setting.sql(),
                "setting " + setting.name() + " of " + name));
      }
      if (role.comment() != null) {
        steps.add(
            new Step(
                "COMMENT ON ROLE " + name + " IS " + Sql.literal(role.comment()),
                "comment on " + name));
      }
    }

    /** A new role's membership; what a role was made without, its members do not come to. */
    void join(Globals.Membership membership, Set<String> made) {
      String what = what(membership);
      Present there = present.get(membership.role());
      if (there == null && !made.contains(membership.role())) {
        unknown.add(what + ", which is not here");
      } else if (there != null && there.powerful() && !powers) {
        withheld.add(what);
      } else {
        steps.add(new Step(grant(membership), what));
      }
    }

    private static String grant(Globals.Membership membership) {
      List<String> options = new ArrayList<>();
      if (membership.admin()) {
        options.add("ADMIN OPTION");
      }
      if (membership.inherit() != null) {
        options.add("INHERIT " + (membership.inherit() ? "TRUE" : "FALSE"));
      }
      if (Boolean.FALSE.equals(membership.set())) {
        options.add("SET FALSE");
      }
      return "GRANT "
          + Sql.name(membership.role())
          + " TO "
          + Sql.name(membership.member())
          + (options.isEmpty() ? "" : " WITH " + String.join(", ", options));
    }

    void compare(Globals.Role role, List<Globals.Membership> memberships) {
      Present there = present.get(role.name());
      List<String> differences = new ArrayList<>();
      for (Attribute attribute : Attribute.values()) {
        if (role.attributes().contains(attribute) != there.attributes().contains(attribute)) {
          differences.add((there.attributes().contains(attribute) ? "" : "NO") + attribute);
        }
      }
      if (role.connectionLimit() != there.connectionLimit()) {
        differences.add("CONNECTION LIMIT " + there.connectionLimit());
      }
      if (!time(role.validUntil()).equals(time(there.validUntil()))) {
        differences.add("VALID UNTIL " + there.validUntil());
      }
      if (!wanted(role).equals(found(there))) {
        differences.add("other settings");
      }
      for (Globals.Membership membership : memberships) {
        if (membership.member().equals(role.name())
            && !there.memberOf().contains(membership.role())) {
          differences.add("no member of " + Sql.name(membership.role()));
        }
      }
      if (!differences.isEmpty()) {
        different.add(Sql.name(role.name()) + " is here " + String.join(", ", differences));
      }
    }

    private static Map<String, String> wanted(Globals.Role role) {
      Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      role.settings().forEach(setting -> all.put(setting.name(), setting.sql()));
      return all;
    }

    private static Map<String, String> found(Present role) {
      Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String setting : role.settings()) {
        int equals = setting.indexOf('=');
        String name = setting.substring(0, equals);
        all.put(
            name,
            DatabaseSettings.assignment(
                name, DatabaseSettings.value(name, setting.substring(equals + 1))));
      }
      return all;
    }

    /** One text for one time, whatever zone a server wrote it in. */
    private static String time(String text) {
      if (text == null || text.equals("infinity")) {
        return "infinity"; // valid for ever either way
      }
      Matcher time = TIME.matcher(text);
      return time.matches()
          ? OffsetDateTime.parse(
                  time.group(1)
                      + "T"
                      + time.group(2)
                      + time.group(3)
                      + (time.group(4) == null ? ":00" : time.group(4)))
              .toInstant()
              .toString()
          : text;
    }
  }
}
