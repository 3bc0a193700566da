package routes.backup.postgres.script;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the plain format of {@code pg_dump} and {@code pg_dumpall} as psql does, without running a
 * thing: statements end where psql ends them, the lines after {@code COPY … FROM stdin} are data,
 * and of psql's own commands only {@code connect}, {@code restrict} and {@code unrestrict} are
 * known. All others, which may run programs on the client, are refused, and so is whatever does not
 * end. Pure; takes bytes in pieces of any size and holds one statement at most.
 *
 * <p>What ends a statement is what psql's lexer says ({@code psqlscan.l}): a {@code ;} outside of
 * quotes, comments, parentheses and {@code BEGIN … END} of a function's body. Comments are dropped.
 */
public final class SqlScript {

  /** Longest statement, bytes: what one must be ready to hold. Rows of COPY may be longer. */
  public static final int LONGEST_STATEMENT = 64 << 20;

  private static final int LONGEST_LINE_COMMAND = 4096;
  private static final int COMMENT_KEPT = 200;
  private static final byte[] END_OF_COPY = {'\\', '.', '\n'};

  private static final String NAME = "(?:\"[^\"]*+(?:\"\"[^\"]*+)*+\"|[^\\s\".(),;]++)";
  private static final Pattern COPY =
      Pattern.compile(
          "(?i)COPY\\s+"
              + NAME
              + "(?:\\."
              + NAME
              + ")?+\\s*+(?:\\(\\s*+(?:"
              + NAME
              + "(?:\\s*+,\\s*+"
              + NAME
              + ")*+)?+\\s*+\\)\\s*+)?+FROM\\s+stdin");
  private static final Pattern RESTRICT =
      Pattern.compile("\\\\(restrict|unrestrict) ([A-Za-z0-9]{1,200})");
  private static final Pattern CONNECT =
      Pattern.compile("\\\\connect (?:-reuse-previous=on )?(" + NAME + ")");
  private static final Pattern CONNECTION = Pattern.compile("(?s)dbname='((?:[^'\\\\]|\\\\.)*+)'");

  /** Takes what the script holds, in order. What it throws comes out of {@link #feed}. */
  public interface Sink {
    /** A statement without its {@code ;}. */
    void statement(Statement statement);

    /** A {@code COPY … FROM stdin}; its rows follow. */
    void copy(Statement statement);

    /** Rows of the COPY, in pieces of any size; valid until it returns. */
    void rows(byte[] source, int offset, int length);

    /** All rows were there. */
    void endCopy();

    /** {@code \connect}: what follows is of this database. */
    void connect(String database);

    /** A line of comment between statements, without its dashes, cut at 200 bytes. */
    void comment(String text);
  }

  /**
   * A statement.
   *
   * @param line where it begins, from 1
   * @param text in the script's encoding
   */
  public record Statement(long line, byte[] text) {}

  private enum Mode {
    TEXT,
    LINE_COMMENT,
    BLOCK_COMMENT,
    QUOTE,
    ESCAPE,
    IDENTIFIER,
    TAG,
    DOLLAR,
    COMMAND,
    BEFORE_ROWS,
    ROWS
  }

  private final Sink sink;
  private final int longest;
  private final Buffer text = new Buffer();
  private final StringBuilder word = new StringBuilder();
  private final StringBuilder aside = new StringBuilder();

  private Mode mode = Mode.TEXT;
  private long line = 1;
  private long began = 1;
  private byte last = '\n';
  private int parentheses;
  private int begins;
  private int words;
  private final char[] initials = new char[4];
  private boolean escapes;
  private boolean afterEscape;
  private boolean skip;
  private int nested;
  private byte[] tag = {};
  private int bodyBegan;
  private int matched;
  private String restriction;

  public SqlScript(Sink sink) {
    this(sink, LONGEST_STATEMENT);
  }

  SqlScript(Sink sink, int longest) {
    this.sink = sink;
    this.longest = longest;
  }

  /** Its bytes, and a look back at them. */
  private static final class Buffer extends ByteArrayOutputStream {
    byte back(int places) {
      return count < places ? 0 : buf[count - places];
    }

    void drop() {
      count--;
    }

    boolean endsWith(byte[] tail) {
      if (count < tail.length) {
        return false;
      }
      for (int i = 0; i < tail.length; i++) {
        if (buf[count - tail.length + i] != tail[i]) {
          return false;
        }
      }
      return true;
    }

    byte[] trimmed() {
      while (count > 0 && buf[count - 1] <= ' ' && buf[count - 1] >= 0) {
        count--;
      }
      return toByteArray();
    }

    void clear() {
      // What one large statement took is not kept for all the small ones.
      if (buf.length > 1 << 20) {
        buf = new byte[8192];
      }
      reset();
    }
  }

  /**
   * Takes the next bytes.
   *
   * @throws ScriptException for what is refused
   */
  public void feed(byte[] source, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      if (mode == Mode.ROWS) {
        at = rows(source, at, end);
      } else {
        step(source[at++]);
      }
    }
  }

  /**
   * Ends the script.
   *
   * @throws ScriptException when it ends within something
   */
  public void finish() {
    switch (mode) {
      case LINE_COMMENT -> step((byte) '\n');
      case COMMAND -> command();
      case TEXT -> endWord();
      case ROWS, BEFORE_ROWS ->
          throw new ScriptException(line, "it ends within the rows of a COPY begun on " + began);
      default -> throw unended();
    }
    if (text.size() > 0) {
      throw unended();
    }
    if (restriction != null) {
      throw new ScriptException(line, "it ends before \\unrestrict");
    }
  }

  private ScriptException unended() {
    return new ScriptException(line, "it ends within the statement begun on line " + began);
  }

  private int rows(byte[] source, int from, int end) {
    int start = from;
    int at = from;
    while (at < end) {
      if (matched >= 0) {
        if (source[at] == END_OF_COPY[matched]) {
          if (matched == 0 && at > start) {
            sink.rows(source, start, at - start);
          }
          start = ++at;
          if (++matched == END_OF_COPY.length) {
            line++;
            mode = Mode.TEXT;
            last = '\n';
            sink.endCopy();
            return at;
          }
          continue;
        }
        if (matched > 0) {
          sink.rows(END_OF_COPY, 0, matched);
        }
        matched = -1;
      }
      while (at < end && source[at] != '\n') {
        at++;
      }
      if (at < end) {
        at++;
        line++;
        matched = 0;
      }
    }
    if (at > start) {
      sink.rows(source, start, at - start);
    }
    return at;
  }

  private void step(byte b) {
    if (b == 0) {
      throw new ScriptException(line, "a NUL byte is not part of a dump");
    }
    switch (mode) {
      case TEXT -> text(b);
      case LINE_COMMENT -> lineComment(b);
      case BLOCK_COMMENT -> blockComment(b);
      case QUOTE -> quoted(b, '\'');
      case IDENTIFIER -> quoted(b, '"');
      case ESCAPE -> escape(b);
      case TAG -> tag(b);
      case DOLLAR -> dollar(b);
      case COMMAND -> lineCommand(b);
      case BEFORE_ROWS -> beforeRows(b);
      case ROWS -> throw new IllegalStateException("rows are read in one go");
    }
  }

  private void text(byte b) {
    if (isWord(b) || (b == '$' && word.length() > 0)) {
      word(b);
      return;
    }
    endWord();
    switch (b) {
      case '\n', ' ', '\t', '\r', '\f' -> {
        if (text.size() > 0) {
          append(b);
        }
      }
      case '\'' -> {
        boolean escape = escapes || afterEscape || isEscapePrefix();
        append(b);
        mode = escape ? Mode.ESCAPE : Mode.QUOTE;
      }
      case '"' -> {
        append(b);
        mode = Mode.IDENTIFIER;
      }
      case '$' -> {
        append(b);
        aside.setLength(0);
        mode = Mode.TAG;
      }
      case '-' -> comment(b, '-', Mode.LINE_COMMENT);
      case '*' -> comment(b, '/', Mode.BLOCK_COMMENT);
      case '\\' -> {
        if (text.size() > 0 || last != '\n') {
          throw new ScriptException(line, "a psql command within a statement");
        }
        aside.setLength(0);
        aside.append('\\');
        mode = Mode.COMMAND;
      }
      case ';' -> {
        if (parentheses == 0 && begins == 0) {
          endStatement();
        } else {
          append(b);
        }
      }
      default -> {
        parentheses = Math.max(0, parentheses + (b == '(' ? 1 : b == ')' ? -1 : 0));
        append(b);
      }
    }
    afterEscape &= b <= ' ' && b > 0 || b == '\'';
    count(mode == Mode.BLOCK_COMMENT ? (byte) ' ' : b); // "/*/" does not end what it begins
  }

  /** Two bytes begin a comment. */
  private void comment(byte b, char first, Mode comment) {
    if (last == first && text.back(1) == first) {
      text.drop();
      aside.setLength(0);
      nested = 1;
      mode = comment;
    } else {
      append(b);
    }
  }

  private boolean isEscapePrefix() {
    byte e = text.back(1);
    return (e == 'e' || e == 'E') && last == e && !isWord(text.back(2)) && text.back(2) != '$';
  }

  private static boolean isWord(byte b) {
    return b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b >= '0' && b <= '9'
        || b == '_'
        || b < 0;
  }

  private void word(byte b) {
    if (word.length() < 16) {
      word.append((char) (b & 0xff));
    }
    afterEscape = false;
    append(b);
    last = b;
  }

  /** As psql does: only a function's or procedure's own BEGIN makes its semicolons part of it. */
  private void endWord() {
    if (word.length() == 0) {
      return;
    }
    String known = word.toString().toLowerCase(Locale.ROOT);
    word.setLength(0);
    if (known.charAt(0) >= '0' && known.charAt(0) <= '9') {
      return;
    }
    switch (known) {
      case "create", "function", "procedure", "or", "replace" -> {
        if (words < initials.length) {
          initials[words] = known.charAt(0);
        }
      }
      default -> {}
    }
    words++;
    if (parentheses > 0 || !makesRoutine()) {
      return;
    }
    switch (known) {
      case "begin" -> begins++;
      case "case" -> begins += begins > 0 ? 1 : 0;
      case "end" -> begins = Math.max(0, begins - 1);
      default -> {}
    }
  }

  private boolean makesRoutine() {
    return initials[0] == 'c'
        && (isRoutine(initials[1])
            || initials[1] == 'o' && initials[2] == 'r' && isRoutine(initials[3]));
  }

  private static boolean isRoutine(char initial) {
    return initial == 'f' || initial == 'p';
  }

  private void lineComment(byte b) {
    if (b != '\n') {
      aside(b, COMMENT_KEPT);
      return;
    }
    mode = Mode.TEXT;
    last = '-';
    if (text.size() == 0) {
      sink.comment(utf8(aside).strip());
    }
    text(b);
  }

  private void blockComment(byte b) {
    if (b == '*' && last == '/') {
      nested++;
      count((byte) ' ');
      return;
    }
    if (b == '/' && last == '*' && --nested == 0) {
      mode = Mode.TEXT;
      if (text.size() > 0) {
        append((byte) ' ');
      }
      count((byte) ' ');
      return;
    }
    count(b);
  }

  private void quoted(byte b, char end) {
    append(b);
    count(b);
    if (b == end) {
      mode = Mode.TEXT;
    }
  }

  private void escape(byte b) {
    append(b);
    count(b);
    if (skip) {
      skip = false;
    } else if (b == '\\') {
      skip = true;
    } else if (b == '\'') {
      mode = Mode.TEXT;
      afterEscape = true;
    }
  }

  private void tag(byte b) {
    boolean first = aside.length() == 0;
    if (b == '$') {
      append(b);
      count(b);
      tag = ("$" + aside + "$").getBytes(StandardCharsets.ISO_8859_1);
      bodyBegan = text.size();
      mode = Mode.DOLLAR;
    } else if (isWord(b) && !(first && b >= '0' && b <= '9') && aside.length() < 1000) {
      aside.append((char) (b & 0xff));
      append(b);
      count(b);
    } else {
      mode = Mode.TEXT;
      last = 'x';
      text(b);
    }
  }

  private void dollar(byte b) {
    append(b);
    count(b);
    if (b == '$' && text.size() - bodyBegan >= tag.length && text.endsWith(tag)) {
      mode = Mode.TEXT;
    }
  }

  private void beforeRows(byte b) {
    if (b != '\n') {
      throw new ScriptException(line, "more than a line end between COPY and its rows");
    }
    count(b);
    matched = 0;
    mode = Mode.ROWS;
  }

  private void lineCommand(byte b) {
    if (b == '\n') {
      command();
      mode = Mode.TEXT;
      count(b);
    } else if (aside.length() >= LONGEST_LINE_COMMAND) {
      throw new ScriptException(line, "a psql command without an end");
    } else {
      aside.append((char) (b & 0xff));
    }
  }

  private void command() {
    String command = utf8(aside).stripTrailing();
    Matcher restrict = RESTRICT.matcher(command);
    if (restrict.matches()) {
      restrict(restrict.group(1).equals("restrict"), restrict.group(2));
      return;
    }
    Matcher connect = CONNECT.matcher(command);
    if (!connect.matches()) {
      throw new ScriptException(
          line, "psql command " + command.split("\\s", 2)[0] + " is not one of pg_dump's");
    }
    if (restriction != null) {
      throw new ScriptException(line, "\\connect while \\restrict is on");
    }
    sink.connect(database(connect.group(1), command.contains(" -reuse-previous=on ")));
  }

  private void restrict(boolean on, String token) {
    if (on ? restriction != null : !token.equals(restriction)) {
      throw new ScriptException(line, "\\restrict and \\unrestrict do not fit");
    }
    restriction = on ? token : null;
  }

  private String database(String name, boolean connection) {
    String plain =
        name.startsWith("\"")
            ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
            : name.toLowerCase(Locale.ROOT);
    if (!connection) {
      return plain;
    }
    Matcher matcher = CONNECTION.matcher(plain);
    if (!matcher.matches()) {
      throw new ScriptException(line, "\\connect names more than a database");
    }
    return matcher.group(1).replaceAll("\\\\(.)", "$1");
  }

  private void endStatement() {
    byte[] statement = text.trimmed();
    text.clear();
    words = 0;
    java.util.Arrays.fill(initials, '\0');
    afterEscape = false;
    if (statement.length == 0) {
      return;
    }
    Statement ended = new Statement(began, statement);
    String head = head(statement, 40).toUpperCase(Locale.ROOT);
    if (!head.matches("(?s)COPY\\b.*")) {
      if (head.startsWith("SET STANDARD_CONFORMING_STRINGS = ")) {
        escapes = head.endsWith("OFF");
      }
      sink.statement(ended);
      return;
    }
    if (!COPY.matcher(head(statement, statement.length)).matches()) {
      throw new ScriptException(began, "a COPY that is not FROM stdin");
    }
    mode = Mode.BEFORE_ROWS;
    sink.copy(ended);
  }

  private static String head(byte[] statement, int length) {
    return new String(
        statement, 0, Math.min(length, statement.length), StandardCharsets.ISO_8859_1);
  }

  private void append(byte b) {
    if (text.size() == 0) {
      began = line;
    }
    if (text.size() >= longest) {
      throw new ScriptException(began, "a statement of more than " + (longest >> 20) + " MiB");
    }
    text.write(b);
  }

  private void count(byte b) {
    last = b;
    if (b == '\n') {
      line++;
    }
  }

  private void aside(byte b, int limit) {
    if (aside.length() < limit) {
      aside.append((char) (b & 0xff));
    }
  }

  /** Bytes were kept as characters of their own. */
  private static String utf8(StringBuilder bytes) {
    return new String(
        bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
