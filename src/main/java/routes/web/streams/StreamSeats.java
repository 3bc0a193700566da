package routes.web.streams;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import routes.kernel.errors.HttpException;

/**
 * Event streams of one kind on this replica: bounded in number, and each given back once, whoever
 * closes it and however.
 */
public final class StreamSeats {

  /** Opens a stream; the argument is to be called when it has closed. */
  public interface Opening {
    EventStream open(Runnable onClosed) throws IOException;
  }

  private final int most;
  private final String key;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean open;

  /**
   * @param most streams at a time
   * @param key of the configuration, which the refusal names
   */
  public StreamSeats(int most, String key) {
    this.most = most;
    this.key = key;
  }

  /** Streams that are open. */
  public int taken() {
    return taken.get();
  }

  /** From now on clients are admitted, or are not. */
  public void open(boolean admits) {
    open = admits;
  }

  public boolean isOpen() {
    return open;
  }

  /**
   * Admits a client.
   *
   * @param otherwise what a client can do when there is no room, such as {@code ask again}
   * @param join told when its stream is open
   * @param leave told when its stream has closed, which may be before {@code join} is
   * @throws HttpException 503 when there are as many as may be
   */
  public <C extends StreamClient> void admit(
      C client, String otherwise, Opening opening, Consumer<C> join, Consumer<C> leave)
      throws IOException {
    if (!open) {
      throw full(otherwise);
    }
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      throw full(otherwise);
    }
    boolean opened = false;
    try {
      client.opened(
          opening.open(
              () -> {
                leave.accept(client);
                taken.decrementAndGet();
              }));
      join.accept(client);
      opened = true;
      if (client.stream().isClosed()) {
        leave.accept(client); // it closed before it was known
      }
    } finally {
      if (!opened) {
        taken.decrementAndGet();
      }
    }
  }

  private HttpException full(String otherwise) {
    return new HttpException(
        503,
        "Unavailable",
        "this hub has as many event streams open as it may (" + key + "); " + otherwise,
        Map.of());
  }
}
