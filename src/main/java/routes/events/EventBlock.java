package routes.events;

import java.io.ByteArrayOutputStream;

/**
 * Events as a client gets them at once.
 *
 * @param count 0: it gets nothing
 */
record EventBlock(byte[] text, int count) {

  /**
   * @param after null: all of them
   */
  static EventBlock of(Iterable<EventRecord> events, EventFilter filter, StreamPosition after) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int count = 0;
    for (EventRecord event : events) {
      if ((after == null || event.at().compareTo(after) > 0) && filter.wants(event)) {
        text.writeBytes(event.text());
        count++;
      }
    }
    return new EventBlock(text.toByteArray(), count);
  }
}
