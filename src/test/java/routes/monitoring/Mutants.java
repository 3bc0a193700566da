package routes.monitoring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every small change of a rule that a test must notice. */
final class Mutants {

  /**
   * A changed rule.
   *
   * @param what was changed, for people
   */
  record Mutant(String what, Map<String, Object> rule) {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|[A-Za-z_:][A-Za-z0-9_:]*|\\d+(?:\\.\\d+)?"
              + "|=~|!~|!=|==|>=|<=|[<>=+\\-*/(){},]|\\s+");
  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry(">", "<"),
          Map.entry("<", ">"),
          Map.entry("==", "!="),
          Map.entry("=", "!="),
          Map.entry("=~", "!~"),
          Map.entry("!~", "=~"),
          Map.entry("+", "-"),
          Map.entry("-", "+"),
          Map.entry("*", "/"),
          Map.entry("/", "*"),
          Map.entry("and", "or"),
          Map.entry("or", "and"),
          Map.entry("unless", "and"),
          Map.entry("max", "min"),
          Map.entry("min", "max"),
          Map.entry("sum", "min"),
          Map.entry("max_over_time", "min_over_time"),
          Map.entry("min_over_time", "max_over_time"));
  private static final Set<String> KEPT =
      Set.of(
          "by",
          "on",
          "absent",
          "changes",
          "increase",
          "rate",
          "label_replace",
          "time",
          "vector",
          "group",
          "histogram_quantile");

  private Mutants() {}

  static List<Mutant> of(Map<String, Object> rule) {
    List<Mutant> all = new ArrayList<>();
    String expression = (String) rule.get("expr");
    expressions(expression)
        .forEach((what, changed) -> all.add(with(rule, "expr", changed, "expr: " + what)));
    if (rule.containsKey("record")) {
      all.add(with(rule, "record", rule.get("record") + "_x", "record"));
      return all;
    }
    all.add(with(rule, "alert", rule.get("alert") + "X", "name"));
    if (rule.containsKey("for")) {
      String time = (String) rule.get("for");
      all.add(with(rule, "for", times(time, 2), "for doubled"));
      all.add(with(rule, "for", halved(time), "for halved"));
    } else {
      all.add(with(rule, "for", "10m", "for added"));
    }
    for (String map : List.of("labels", "annotations")) {
      Map<String, String> values = RuleFile.strings(rule, map);
      for (String key : values.keySet()) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(key, changed.get(key) + "x");
        all.add(with(rule, map, changed, map + "." + key));
      }
    }
    return all;
  }

  private static Mutant with(Map<String, Object> rule, String key, Object value, String what) {
    Map<String, Object> changed = new LinkedHashMap<>(rule);
    changed.put(key, value);
    return new Mutant(what, changed);
  }

  /** Each with one token changed, by what was changed. */
  static Map<String, String> expressions(String expression) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(expression.strip());
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() != end) {
        throw new IllegalArgumentException("unknown to this test: " + expression.substring(end));
      }
      tokens.add(matcher.group());
      end = matcher.end();
    }
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      for (String changed : changes(tokens, i)) {
        List<String> copy = new ArrayList<>(tokens);
        copy.set(i, changed);
        all.put(i + " " + tokens.get(i) + " -> " + changed, String.join("", copy));
      }
    }
    return all;
  }

  private static List<String> changes(List<String> tokens, int at) {
    String token = tokens.get(at);
    char first = token.charAt(0);
    if (Character.isWhitespace(first) || "(){},".indexOf(first) >= 0) {
      return List.of();
    } else if (first == '"') {
      return List.of(token.substring(0, token.length() - 1) + "x\"");
    } else if (first == '[') {
      String time = token.substring(1, token.length() - 1);
      return List.of("[" + times(time, 2) + "]", "[" + halved(time) + "]");
    } else if (Character.isDigit(first)) {
      // Whatever its value, a vector of one element fires.
      return at > 1 && tokens.get(at - 2).equals("vector") ? List.of() : numbers(token);
    } else if (token.equals("!=")) {
      // Of a label here; nothing compares by it.
      return List.of("=");
    } else if (OTHER.containsKey(token)) {
      return List.of(OTHER.get(token));
    }
    return KEPT.contains(token) ? List.of() : List.of(token + "_x");
  }

  private static List<String> numbers(String token) {
    double value = Double.parseDouble(token);
    if (token.indexOf('.') < 0 && value <= 10) {
      return List.of(String.valueOf((long) value + 1), String.valueOf((long) value - 1));
    }
    return List.of(String.valueOf(value * 1.05), String.valueOf(value * 0.95));
  }

  private static String times(String time, int factor) {
    return Integer.parseInt(time.substring(0, time.length() - 1)) * factor
        + time.substring(time.length() - 1);
  }

  private static String halved(String time) {
    int seconds =
        Integer.parseInt(time.substring(0, time.length() - 1))
            * Map.of('s', 1, 'm', 60, 'h', 3600, 'd', 86_400).get(time.charAt(time.length() - 1));
    return seconds / 2 + "s";
  }
}
