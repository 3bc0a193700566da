package routes.notify.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import routes.kernel.DaemonThreads;

/**
 * Sockets of one exchange, all of which are closed when its time is over: a mail server that sends
 * a byte now and then keeps within every limit of a single read.
 */
final class TimedSockets implements AutoCloseable {

  private static final ScheduledExecutorService DEADLINES =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("mail-deadlines"));

  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final SSLSocketFactory ssl;
  private final ScheduledFuture<?> deadline;

  TimedSockets(Duration limit, SSLSocketFactory ssl) {
    this.ssl = ssl;
    this.deadline = DEADLINES.schedule(this::closeAll, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  SocketFactory plain() {
    return new Plain();
  }

  SSLSocketFactory ssl() {
    return new Ssl();
  }

  private <T extends Socket> T watched(T socket) {
    open.add(socket);
    return socket;
  }

  private void closeAll() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is as good as closed.
      }
    }
  }

  @Override
  public void close() {
    deadline.cancel(false);
    closeAll();
  }

  private final class Plain extends SocketFactory {

    @Override
    public Socket createSocket() {
      return watched(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return watched(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return watched(new Socket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return watched(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return watched(new Socket(host, port, from, fromPort));
    }
  }

  private final class Ssl extends SSLSocketFactory {

    @Override
    public String[] getDefaultCipherSuites() {
      return ssl.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return ssl.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
      return watched(ssl.createSocket());
    }

    @Override
    public Socket createSocket(Socket over, String host, int port, boolean closes)
        throws IOException {
      return watched(ssl.createSocket(over, host, port, closes));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return watched(ssl.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return watched(ssl.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return watched(ssl.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return watched(ssl.createSocket(host, port, from, fromPort));
    }
  }
}
