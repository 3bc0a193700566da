package routes.devservices;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network that fails, between a client and an HTTP server: it cuts connections in the middle of a
 * body, lets them stall, or answers 503 as a busy S3 does.
 */
public final class FaultyProxy implements AutoCloseable {

  /** What the network does. */
  public enum Mode {
    /** Everything passes. */
    FINE,
    /** Connections break after some more bytes; new ones break, too. */
    CUT,
    /** Nothing moves, and nobody is told. */
    STALL,
    /** New requests are answered {@code 503 Slow Down}; connections that are open break. */
    UNAVAILABLE
  }

  private static final byte[] SLOW_DOWN =
      ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
              + "Content-Length: 59\r\n\r\n<Error><Code>SlowDown</Code><Message>busy</Message></Error>")
          .getBytes(StandardCharsets.US_ASCII);

  private static final int BEFORE_THE_CUT = 100_000;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong budget = new AtomicLong();
  private volatile Mode mode = Mode.FINE;

  /** Listens on a free port of 127.0.0.1. */
  public FaultyProxy(URI target) throws IOException {
    this.target = new InetSocketAddress(target.getHost(), target.getPort());
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    thread("accept", this::accept);
  }

  /** Where to connect to. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Changes what it does, for connections that are open as well. */
  public synchronized void set(Mode next) {
    budget.set(BEFORE_THE_CUT);
    mode = next;
    if (next == Mode.UNAVAILABLE) {
      sockets.forEach(FaultyProxy::closed);
    }
    notifyAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        thread("connection", () -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try {
      if (mode == Mode.UNAVAILABLE) {
        // Read first: an answer before the question is a broken connection to some clients.
        client.setSoTimeout(2_000);
        client.getInputStream().read(new byte[65_536]);
        client.getOutputStream().write(SLOW_DOWN);
        client.shutdownOutput();
        return;
      }
      Socket upstream = new Socket();
      sockets.add(upstream);
      upstream.connect(target, 5_000);
      thread("answers", () -> pump(upstream, client));
      pump(client, upstream);
    } catch (IOException e) {
      closed(client); // to the client it is what it is: a connection that broke
    } finally {
      if (mode == Mode.UNAVAILABLE) {
        closed(client);
      }
      sockets.remove(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitMoving();
        if (mode == Mode.CUT && budget.addAndGet(-n) < 0) {
          break;
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      closed(from);
    } finally {
      closed(from);
      closed(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private synchronized void awaitMoving() throws IOException {
    while (mode == Mode.STALL) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  private static void closed(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    set(Mode.FINE);
    sockets.forEach(FaultyProxy::closed);
  }
}
