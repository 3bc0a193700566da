package routes.events;

import java.io.ByteArrayOutputStream;

/**
 * Events as a client gets them at once.
 *
 * @param count 0: it gets nothing
 */
record Block(byte[] text, int count) {

  /**
   * @param after null: all of them
   */
  static Block of(Iterable<Told> events, Filter filter, Position after) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int count = 0;
    for (Told event : events) {
      if ((after == null || event.at().compareTo(after) > 0) && filter.wants(event)) {
        text.writeBytes(event.text());
        count++;
      }
    }
    return new Block(text.toByteArray(), count);
  }
}
