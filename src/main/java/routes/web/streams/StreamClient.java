package routes.web.streams;

import java.time.Duration;

/** One client of an event stream; its feeder adds how far it has been told. */
public abstract class StreamClient {

  private final long since = System.nanoTime();
  private volatile long spokenAt = since;
  private volatile EventStream stream;

  public final EventStream stream() {
    return stream;
  }

  final void opened(EventStream opened) {
    stream = opened;
  }

  /** Its stream was just written to: no heartbeat is due. */
  public final void spoken() {
    spokenAt = System.nanoTime();
  }

  /** What is due for a client. */
  public enum Due {
    NOTHING,
    /** It takes nothing of what waits for it. */
    CUT,
    HEARTBEAT
  }

  /**
   * Ends a stream that has lasted long enough, and says what else is due.
   *
   * @param slow a client that takes nothing for so long is to be cut
   * @param longest a stream ends after this; its client may come back
   * @param heartbeat a silent stream says this often that it is there
   */
  public final Due due(Duration slow, Duration longest, Duration heartbeat) {
    long now = System.nanoTime();
    if (stream.stuck(slow)) {
      return Due.CUT;
    }
    if (now - since > longest.toNanos()) {
      stream.end();
      return Due.NOTHING;
    }
    if (now - spokenAt > heartbeat.toNanos() && stream.idle()) {
      spokenAt = now;
      return Due.HEARTBEAT;
    }
    return Due.NOTHING;
  }
}
