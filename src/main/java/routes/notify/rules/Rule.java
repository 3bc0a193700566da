package routes.notify.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import routes.messaging.outbox.HubEvent.Severity;

/**
 * {@code hub.notify.rules.<name>}: which events go to which targets. What is left out does not
 * narrow. Pure: a rule answers the same for the same event, and for every event.
 *
 * @param channels names, {@code *} for any run of characters; empty: every channel
 * @param types such as {@code backup.*}; empty: every type
 * @param severity the least one; null: every one
 * @param match conditions on fields of the event, all of which must hold; 20 at most
 * @param to names of targets, 1 or more
 * @param group several deliveries of this rule become one message; null: each is one
 * @param rate how many messages of this rule a target gets; null: all at once
 */
public record Rule(
    @DefaultValue List<String> channels,
    @DefaultValue List<String> types,
    String severity,
    @DefaultValue List<Condition> match,
    @DefaultValue List<String> to,
    Group group,
    Rate rate) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern CHANNEL = Pattern.compile("[a-z0-9*-]{1,63}");
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._/*-]{1,200}");
  private static final Pattern FIELD = Pattern.compile("[^.\\p{Cntrl}]+(\\.[^.\\p{Cntrl}]+)*");

  /** Longer ones are compared as text: 1e999999999 would take for ever to be compared. */
  private static final int MOST_DIGITS = 60;

  public Rule {
    channels = List.copyOf(channels);
    types = List.copyOf(types);
    match = List.copyOf(match);
    to = List.copyOf(to);
  }

  /**
   * One condition; exactly one of {@code is}, {@code in}, {@code above} and {@code below}.
   *
   * @param field names from the envelope inwards, with dots: {@code data.kind}, {@code subject}
   * @param is the field's text, number or flag
   * @param in any of these
   * @param above the field is a number greater than this
   * @param below the field is a number less than this
   */
  public record Condition(
      String field, String is, @DefaultValue List<String> in, BigDecimal above, BigDecimal below) {

    public Condition {
      in = List.copyOf(in);
    }

    void check(String key) {
      Assert.isTrue(field != null && FIELD.matcher(field).matches(), key + ".field must be a.b.c");
      int given =
          (is == null ? 0 : 1)
              + (in.isEmpty() ? 0 : 1)
              + (above == null ? 0 : 1)
              + (below == null ? 0 : 1);
      Assert.isTrue(given == 1, key + " must have one of is, in, above and below");
    }

    boolean holds(JsonNode event) {
      JsonNode at = at(event, field);
      if (at == null || !at.isValueNode() || at.isNull()) {
        return false;
      }
      if (above != null || below != null) {
        BigDecimal number = at.isNumber() ? number(at.asText()) : null;
        return number != null
            && (above == null ? number.compareTo(below) < 0 : number.compareTo(above) > 0);
      }
      return is != null ? equal(at, is) : in.stream().anyMatch(each -> equal(at, each));
    }

    private static boolean equal(JsonNode at, String wanted) {
      if (at.isNumber()) {
        BigDecimal left = number(at.asText());
        BigDecimal right = number(wanted);
        if (left != null && right != null) {
          return left.compareTo(right) == 0;
        }
      }
      return at.asText().equals(wanted);
    }

    private static BigDecimal number(String text) {
      if (text.length() > MOST_DIGITS) {
        return null;
      }
      try {
        BigDecimal number = new BigDecimal(text);
        return Math.abs((long) number.scale()) > 10_000 ? null : number;
      } catch (NumberFormatException e) {
        return null;
      }
    }
  }

  /**
   * Deliveries of one group to one target within a window become one message.
   *
   * @param by fields whose values make a group; empty: all events of the rule are one group
   * @param within from the first of a group to the message, 10 ms to 1 day
   */
  public record Group(@DefaultValue List<String> by, Duration within) {

    public Group {
      by = List.copyOf(by);
    }
  }

  /** What becomes of messages over the rate. */
  public enum Over {
    /** They are sent later, one by one. */
    WAIT,
    /** The last one that may be sent tells of all that wait. */
    MERGE
  }

  /**
   * @param most messages to each target, 1 to 10,000
   * @param per any span of this length, 10 ms to 1 day
   * @param over what becomes of the others; default wait
   */
  public record Rate(int most, Duration per, @DefaultValue("wait") Over over) {}

  Severity least() {
    return severity == null ? Severity.INFO : Severity.of(severity);
  }

  void check(String key, String name, Set<String> targets) {
    Assert.isTrue(NAME.matcher(name).matches(), key + ": a name is 1 to 40 of a-z, 0-9 and '-'");
    for (String channel : channels) {
      Assert.isTrue(
          CHANNEL.matcher(channel).matches(), key + ".channels: no channel is '" + channel + "'");
    }
    for (String type : types) {
      Assert.isTrue(TYPE.matcher(type).matches(), key + ".types: no type is '" + type + "'");
    }
    try {
      least();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ".severity: " + e.getMessage(), e);
    }
    Assert.isTrue(match.size() <= 20, key + ".match may hold 20 conditions");
    for (int i = 0; i < match.size(); i++) {
      match.get(i).check(key + ".match[" + i + "]");
    }
    Assert.isTrue(!to.isEmpty(), key + ".to must name a target");
    for (String target : to) {
      Assert.isTrue(
          targets.contains(target),
          key + ".to: there is no hub.notify.targets." + target + "; there are " + targets);
    }
    if (group != null) {
      span(key + ".group.within", group.within());
      for (String field : group.by()) {
        Assert.isTrue(FIELD.matcher(field).matches(), key + ".group.by must be fields like a.b.c");
      }
    }
    if (rate != null) {
      Assert.isTrue(
          rate.most() >= 1 && rate.most() <= 10_000, key + ".rate.most must be 1 to 10000");
      span(key + ".rate.per", rate.per());
    }
  }

  private static void span(String key, Duration span) {
    Assert.isTrue(
        span != null && span.toMillis() >= 10 && span.toDays() <= 1, key + " must be 10ms to 1d");
  }

  /**
   * @param event the envelope as JSON
   */
  public boolean matches(String channel, String type, Severity of, JsonNode event) {
    return of.compareTo(least()) >= 0
        && (channels.isEmpty() || channels.stream().anyMatch(each -> isLike(each, channel)))
        && (types.isEmpty() || types.stream().anyMatch(each -> isLike(each, type)))
        && match.stream().allMatch(each -> each.holds(event));
  }

  /** Which group an event belongs to; only of a rule that groups. 500 characters at most. */
  public String groupOf(String name, JsonNode event) {
    StringBuilder text = new StringBuilder(name);
    for (String field : group.by()) {
      JsonNode at = at(event, field);
      String value = at == null || !at.isValueNode() ? "" : at.asText();
      text.append('\u001f').append(value, 0, Math.min(100, value.length()));
    }
    return text.substring(0, Math.min(500, text.length()));
  }

  private static JsonNode at(JsonNode event, String field) {
    JsonNode at = event;
    for (String name : field.split("\\.")) {
      at = at == null ? null : at.get(name);
    }
    return at;
  }

  /**
   * Whether a text is like a pattern in which {@code *} stands for any run of characters; no other
   * character means anything. In time O(pattern × text) at worst.
   */
  static boolean isLike(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int retry = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
