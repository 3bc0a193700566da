package routes.backup.postgres.archive;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that a function's body may use. A body that is a string depends on nothing, as far as
 * the server knows: rather a name too many than one too few. Pure.
 */
final class BodyNames {

  private static final Pattern WORD =
      Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*(\\$[\\p{L}\\p{N}_]+)*");

  /** From every quotation mark on, also from one that ends something: rather a name too many. */
  private static final Pattern QUOTED = Pattern.compile("(?=\"((?:[^\"]|\"\")+)\")");

  /** Statements that are put together at run time, and languages that hide what they do. */
  private static final Pattern OPAQUE =
      Pattern.compile(
          "(?i)\\bEXECUTE\\s+(?!FUNCTION|PROCEDURE|ON\\b)"
              + "|\\bLANGUAGE\\s+(?!sql\\b|plpgsql\\b|internal\\b)\\S+");

  private BodyNames() {}

  /** Whether what it uses cannot be told from its words. */
  static boolean areOpaque(String definition) {
    return OPAQUE.matcher(definition).find();
  }

  /** In the order they stand there. */
  static Set<String> in(String definition) {
    Set<String> names = new LinkedHashSet<>();
    for (Matcher word = WORD.matcher(definition); word.find(); ) {
      // PostgreSQL folds the letters of ASCII, and others only in some encodings.
      names.add(word.group());
      names.add(folded(word.group()));
      // A name may hold a dollar sign, and the quotes of a body begin with one.
      names.add(folded(word.group()).replaceFirst("\\$.*", ""));
    }
    for (Matcher quoted = QUOTED.matcher(definition); quoted.find(); ) {
      names.add(quoted.group(1).replace("\"\"", "\""));
    }
    return names;
  }

  private static String folded(String word) {
    StringBuilder text = new StringBuilder(word);
    for (int i = 0; i < text.length(); i++) {
      char here = text.charAt(i);
      text.setCharAt(i, here >= 'A' && here <= 'Z' ? (char) (here + 'a' - 'A') : here);
    }
    return text.toString();
  }
}
