package routes.events;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in all streams at once. Their entries are told in the order of (id, channel), so one id
 * says which of them were told, in every stream.
 *
 * @param ms milliseconds of the stream id, by Redis' clock
 * @param seq counter within the millisecond, unsigned
 * @param channel empty: before the first entry of that id, in whatever channel
 */
record StreamPosition(long ms, long seq, String channel) implements Comparable<StreamPosition> {

  /** Name of a channel. */
  static final String CHANNEL = "[a-z][a-z0-9-]{0,62}";

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,18})(?:-(\\d{1,20})\\.(" + CHANNEL + "))?");
  private static final Comparator<StreamPosition> ORDER =
      Comparator.comparingLong(StreamPosition::ms)
          .thenComparing(StreamPosition::seq, Long::compareUnsigned)
          .thenComparing(StreamPosition::channel);

  /** Before all that happens in a millisecond, and after all that happened earlier. */
  static StreamPosition before(long ms) {
    return new StreamPosition(ms, 0, "");
  }

  /**
   * Of an entry.
   *
   * @param id as Redis writes it, {@code <ms>-<seq>}
   */
  static StreamPosition of(String id, String channel) {
    int dash = id.indexOf('-');
    return new StreamPosition(
        Long.parseLong(id.substring(0, dash)),
        Long.parseUnsignedLong(id.substring(dash + 1)),
        channel);
  }

  /** Reads what {@link #text} wrote; empty when it is something else. */
  static Optional<StreamPosition> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      long ms = Long.parseLong(parts.group(1));
      return Optional.of(
          parts.group(2) == null
              ? before(ms)
              : new StreamPosition(ms, Long.parseUnsignedLong(parts.group(2)), parts.group(3)));
    } catch (NumberFormatException e) {
      return Optional.empty(); // a counter over 64 bits
    }
  }

  /** {@code 1700000000000-0.backup}, or {@code 1700000000000}. */
  String text() {
    return isEntry() ? id() + "." + channel : Long.toString(ms);
  }

  /** Whether an entry lies here; else it is a time. */
  boolean isEntry() {
    return !channel.isEmpty();
  }

  /** {@code <ms>-<seq>}. */
  String id() {
    return ms + "-" + Long.toUnsignedString(seq);
  }

  /**
   * The last id in the stream of a channel that does not lie after this: where XREAD, which tells
   * what is greater, goes on.
   */
  String offset(String of) {
    if (of.compareTo(channel) <= 0) {
      return id();
    }
    if (seq != 0) {
      return ms + "-" + Long.toUnsignedString(seq - 1);
    }
    return ms == 0 ? "0-0" : (ms - 1) + "-" + Long.toUnsignedString(-1L);
  }

  @Override
  public int compareTo(StreamPosition other) {
    return ORDER.compare(this, other);
  }
}
