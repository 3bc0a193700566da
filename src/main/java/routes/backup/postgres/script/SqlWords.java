package routes.backup.postgres.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of one statement, from left to right. */
final class SqlWords {
  private enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SIGN
  }

  private record Word(Kind kind, String text) {}

  final long line;
  private final List<Word> all = new ArrayList<>();
  private int at;

  SqlWords(long line, String sql) {
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
    if ((first == 'E' || first == 'e') && from + 1 < sql.length() && sql.charAt(from + 1) == '\'') {
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
