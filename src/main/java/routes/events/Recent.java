package routes.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What was told last, for who catches up. Guarded by its owner. */
final class Recent {

  private static final int MOST = 500;

  private final long mostBytes;
  private final Deque<Told> events = new ArrayDeque<>();
  private long bytes;

  /** All after this is here. */
  private Position floor;

  Recent(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Forgets all; what comes lies after this. */
  void begin(Position at) {
    events.clear();
    bytes = 0;
    floor = at;
  }

  void add(List<Told> told) {
    for (Told event : told) {
      events.add(event);
      bytes += event.text().length;
    }
    while (events.size() > MOST || bytes > mostBytes) {
      Told gone = events.poll();
      bytes -= gone.text().length;
      floor = gone.at().compareTo(floor) > 0 ? gone.at() : floor;
    }
  }

  boolean holdsAllAfter(Position at) {
    return at.compareTo(floor) >= 0;
  }

  Iterable<Told> events() {
    return events;
  }
}
