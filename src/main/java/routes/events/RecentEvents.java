package routes.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What was told last, for who catches up. Guarded by its owner. */
final class RecentEvents {

  private static final int MOST = 500;

  private final long mostBytes;
  private final Deque<EventRecord> events = new ArrayDeque<>();
  private long bytes;

  /** All after this is here. */
  private StreamPosition floor;

  RecentEvents(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Forgets all; what comes lies after this. */
  void begin(StreamPosition at) {
    events.clear();
    bytes = 0;
    floor = at;
  }

  void add(List<EventRecord> told) {
    for (EventRecord event : told) {
      events.add(event);
      bytes += event.text().length;
    }
    while (events.size() > MOST || bytes > mostBytes) {
      EventRecord gone = events.poll();
      bytes -= gone.text().length;
      floor = gone.at().compareTo(floor) > 0 ? gone.at() : floor;
    }
  }

  boolean holdsAllAfter(StreamPosition at) {
    return at.compareTo(floor) >= 0;
  }

  Iterable<EventRecord> events() {
    return events;
  }
}
