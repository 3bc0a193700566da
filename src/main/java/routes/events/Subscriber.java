package routes.events;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import routes.web.streams.StreamClient;

/** One who listens: its stream, and how far it has been told. */
final class Subscriber extends StreamClient {

  private final EventFilter filter;

  /** What happened up to here is not for it; null: until the reader begins. */
  volatile StreamPosition from;

  volatile boolean answered;

  /** Where it was told that it is. */
  StreamPosition greeted;

  /** Of one that is behind: how far it has all, in these channels; null: not looked at yet. */
  StreamPosition at;

  Set<String> in;

  /**
   * @param from where it was; null: it wants what comes from now on
   */
  Subscriber(EventFilter filter, StreamPosition from) {
    this.filter = filter;
    this.from = from;
    this.at = from;
  }

  EventFilter filter() {
    return filter;
  }

  /** Whether all it wants is among these. */
  boolean within(Set<String> read) {
    return read != null && read.containsAll(filter.channels());
  }

  /** Opens the answer, and says where it is, for when it comes back before any event. */
  void greet(StreamPosition place) {
    answered = true;
    greeted = place;
    String text = "retry: 2000\n";
    if (place != null) {
      text += "id: " + place.text() + "\n";
      text += filter.positions() ? "event: position\ndata: {}\n" : "";
    }
    text += "\n";
    stream().events(text.getBytes(StandardCharsets.UTF_8), 0);
  }
}
