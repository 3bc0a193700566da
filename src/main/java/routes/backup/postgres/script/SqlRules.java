package routes.backup.postgres.script;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is done with a statement of a dump. Only what {@code pg_dump} writes is run, and only what
 * stays within the database that is restored. Pure.
 */
public final class SqlRules {

  /** What becomes of a statement. */
  enum Verdict {
    RUN,
    LEAVE_OUT,
    REFUSE
  }

  /**
   * @param why in words, of what is not run; null else
   */
  record Decision(Verdict verdict, String why) {}

  /** States of a server that says that something is not there. */
  private static final Set<String> NOT_THERE = Set.of("42704", "42P01", "42703", "42883", "3F000");

  private static final Set<String> KNOWN =
      Set.of(
          "ALTER",
          "BEGIN",
          "COMMENT",
          "COMMIT",
          "CREATE",
          "DROP",
          "GRANT",
          "INSERT",
          "REFRESH",
          "REVOKE",
          "SECURITY",
          "SELECT",
          "SET");

  private static final String NAME = "(?:\"[^\"]*+(?:\"\"[^\"]*+)*+\"|[\\w$\\x80-\\uffff]++)";
  private static final Pattern OF_THE_SERVER =
      Pattern.compile(
          "(?i)(?:CREATE|ALTER|DROP)\\s+(?:DATABASE|ROLE|USER(?!\\s+MAPPING)|GROUP|TABLESPACE)\\b.*"
              + "|COMMENT\\s+ON\\s+(?:DATABASE|ROLE|TABLESPACE)\\b.*"
              + "|SECURITY\\s+LABEL\\s.*\\bON\\s+(?:DATABASE|ROLE|TABLESPACE)\\b.*"
              + "|(?:GRANT|REVOKE)\\s.*\\sON\\s+(?:DATABASE|TABLESPACE|PARAMETER)\\s.*",
          Pattern.DOTALL);
  private static final Pattern SUBSCRIPTION =
      Pattern.compile(
          "(?i)(?:CREATE|ALTER|DROP|COMMENT\\s+ON)\\s+SUBSCRIPTION\\b.*", Pattern.DOTALL);
  private static final Pattern SYSTEM = Pattern.compile("(?i)ALTER\\s+SYSTEM\\b.*", Pattern.DOTALL);
  private static final Pattern OWNER =
      Pattern.compile("(?i)ALTER\\s.*\\sOWNER\\s+TO\\s+" + NAME, Pattern.DOTALL);
  private static final Pattern PRIVILEGE =
      Pattern.compile(
          "(?i)(?:GRANT|REVOKE|ALTER\\s+DEFAULT\\s+PRIVILEGES|SET\\s+SESSION\\s+AUTHORIZATION)\\b.*",
          Pattern.DOTALL);
  private static final Pattern MEMBERSHIP =
      Pattern.compile("(?i)GRANT\\s+" + NAME + "\\s+TO\\s+.*", Pattern.DOTALL);

  private SqlRules() {}

  /**
   * @param owners whether owners and privileges are restored
   */
  static Decision decide(String statement, boolean owners) {
    if (!KNOWN.contains(word(statement))) {
      return new Decision(
          Verdict.REFUSE, "a statement that pg_dump does not write, " + name(statement));
    }
    if (SYSTEM.matcher(statement).matches()) {
      return new Decision(Verdict.REFUSE, "ALTER SYSTEM changes the server");
    }
    String head = statement.length() > 4096 ? statement.substring(0, 4096) : statement;
    if (OF_THE_SERVER.matcher(head).matches() || MEMBERSHIP.matcher(head).matches()) {
      return new Decision(Verdict.LEAVE_OUT, "roles, tablespaces and databases themselves");
    }
    if (SUBSCRIPTION.matcher(head).matches()) {
      return new Decision(
          Verdict.LEAVE_OUT, "subscriptions: a copy would take its publisher's changes");
    }
    if (!owners && (PRIVILEGE.matcher(head).matches() || OWNER.matcher(head).matches())) {
      return new Decision(Verdict.LEAVE_OUT, "owners and privileges: ask with owners=true");
    }
    return new Decision(Verdict.RUN, null);
  }

  /**
   * Whether a failure is none: what a dump says for other servers than this one.
   *
   * @param state SQLSTATE
   */
  static boolean isHarmless(String statement, String state) {
    String word = word(statement);
    boolean removes =
        word.equals("DROP") || word.equals("ALTER") && statement.matches("(?is).*\\sDROP\\s.*");
    // Written by a newer pg_dump for a newer server, or by --clean for a database that is not new.
    return "42704".equals(state) && word.equals("SET")
        || removes && NOT_THERE.contains(state)
        || "42P06".equals(state) && statement.equalsIgnoreCase("CREATE SCHEMA public")
        || "42501".equals(state) && statement.matches("(?is)COMMENT\\s+ON\\s+EXTENSION\\s.*");
  }

  /**
   * What is asked of every statement of a dump, before it is taken over.
   *
   * @throws ScriptException when a restore would refuse it
   */
  public static void requireKnown(long line, String statement) {
    Decision decision = decide(statement, true);
    if (decision.verdict() == Verdict.REFUSE) {
      throw refused(line, decision.why());
    }
  }

  /** A refusal that names the line. */
  public static ScriptException refused(long line, String why) {
    return new ScriptException(line, why);
  }

  /** First word, in capitals. */
  static String word(String statement) {
    int end = 0;
    while (end < statement.length() && Character.isLetter(statement.charAt(end))) {
      end++;
    }
    return statement.substring(0, end).toUpperCase(Locale.ROOT);
  }

  /** Enough to know it by, never a value: its first words. */
  static String name(String statement) {
    String[] words = statement.substring(0, Math.min(200, statement.length())).split("\\s+", 4);
    int shown = word(statement).equals("INSERT") || word(statement).equals("SELECT") ? 1 : 3;
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < Math.min(shown, words.length) && words[i].indexOf('\'') < 0; i++) {
      name.append(i == 0 ? "" : " ").append(words[i]);
    }
    return name.isEmpty() ? "without a name" : name.toString();
  }
}
