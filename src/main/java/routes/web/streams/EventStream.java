package routes.web.streams;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.springframework.http.MediaType;

/**
 * Server-sent events to one client. Nothing here blocks: what the client does not take yet waits in
 * memory, and who feeds the stream looks at {@link #idle} before it adds more. Safe for use by many
 * threads.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class EventStream {

  /** Of the parameter {@code ticket}, which was taken for a key before an operation is called. */
  public static final String TICKET =
      "In place of a key, for a browser's EventSource: one of POST /api/tickets";

  /** Of the header {@code Last-Event-ID}, which a browser sends when it comes back. */
  public static final String LAST_EVENT_ID =
      "As after, and before it: the id of the last event seen";

  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final Runnable onClosed;
  private final Deque<Piece> waiting = new ArrayDeque<>();
  private long bytes;
  private int events;
  private Piece last = Piece.NONE;
  private boolean open;
  private boolean unflushed;
  private boolean ending;
  private boolean closed;
  private long movedAt = System.nanoTime();

  /** Whole events, or a line that clients skip; their bytes may be shared by many streams. */
  private record Piece(byte[] text, int events) {
    private static final Piece NONE = new Piece(new byte[0], 0);
  }

  private EventStream(AsyncContext context, ServletOutputStream out, Runnable onClosed) {
    this.context = context;
    this.out = out;
    this.onClosed = onClosed;
  }

  /**
   * Answers a request with a stream, which outlives the call.
   *
   * @param onClosed called once, whoever ended it and however
   */
  public static EventStream open(
      HttpServletRequest request, HttpServletResponse response, Runnable onClosed)
      throws IOException {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
    // A proxy that gathers answers would show them late.
    response.setHeader("X-Accel-Buffering", "no");
    AsyncContext context = request.startAsync(request, response);
    context.setTimeout(0); // how long it may last is its feeder's to say
    ServletOutputStream out = response.getOutputStream();
    EventStream stream = new EventStream(context, out, onClosed);
    context.addListener(stream.new End());
    out.setWriteListener(stream.new Writes());
    return stream;
  }

  /**
   * Adds an event.
   *
   * @param id what a client that comes back names as {@code Last-Event-ID}, or null
   * @param data one line
   */
  public void event(String id, String name, String data) {
    StringBuilder text = new StringBuilder();
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    text.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
    add(text.toString().getBytes(StandardCharsets.UTF_8), 1);
  }

  /**
   * Adds events that are written already, as many streams get them.
   *
   * @param text whole blocks in UTF-8, each with its empty line; not to be changed
   * @param count how many events they are
   */
  public void events(byte[] text, int count) {
    add(text, count);
  }

  /** Adds a line that clients skip: it tells both ends that the other is there. */
  public void heartbeat() {
    add(HEARTBEAT, 0);
  }

  private synchronized void add(byte[] text, int count) {
    if (closed || ending) {
      return;
    }
    if (waiting.isEmpty() && !unflushed) {
      movedAt = System.nanoTime();
    }
    waiting.add(new Piece(text, count));
    bytes += text.length;
    events += count;
    write();
  }

  /** Bytes that the client has not taken yet. */
  public synchronized long waitingBytes() {
    return bytes;
  }

  /** Events that the client has not taken yet. */
  public synchronized int waitingEvents() {
    return events;
  }

  /** Whether the client took all there was. */
  public synchronized boolean idle() {
    return waiting.isEmpty() && !unflushed;
  }

  /** Whether something has waited for the client, which took nothing, for so long. */
  public synchronized boolean stuck(Duration longest) {
    return !idle() && System.nanoTime() - movedAt > longest.toNanos();
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  /** Ends the stream when the client has taken what waits. */
  public synchronized void end() {
    ending = true;
    write();
  }

  /** Ends the stream at once. */
  public void drop() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      try {
        context.complete();
      } catch (IllegalStateException e) {
        // The container was faster.
      }
    }
    onClosed.run();
  }

  private synchronized void write() {
    if (!open || closed) {
      return;
    }
    try {
      while (!waiting.isEmpty() && out.isReady()) {
        taken();
        last = waiting.poll();
        unflushed = true;
        out.write(last.text);
        movedAt = System.nanoTime();
      }
      if (waiting.isEmpty() && unflushed && out.isReady()) {
        out.flush();
        // Not ready: the last bytes are still in our hands, and onWritePossible follows.
        unflushed = !out.isReady();
        if (!unflushed) {
          taken();
        }
      }
    } catch (IOException | IllegalStateException e) {
      drop(); // the client has gone
      return;
    }
    if (ending && idle()) {
      drop();
    }
  }

  /** What was written last lies in our hands until the client is ready for more. */
  private void taken() {
    bytes -= last.text.length;
    events -= last.events;
    last = Piece.NONE;
  }

  private final class Writes implements WriteListener {
    @Override
    public void onWritePossible() {
      synchronized (EventStream.this) {
        open = true;
        write();
      }
    }

    @Override
    public void onError(Throwable failure) {
      drop();
    }
  }

  private final class End implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      drop();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      drop();
    }

    @Override
    public void onError(AsyncEvent event) {
      drop();
      try {
        // Once more: the container takes no end from who noticed it while it noticed, too, and
        // would answer with an error page into a stream that is half written.
        event.getAsyncContext().complete();
      } catch (IllegalStateException e) {
        // It did take it.
      }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // it was started by us
    }
  }
}
