package routes.backup.postgres.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.Socket;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.core.Encoding;
import routes.repository.format.ChunkSizes;

/**
 * A connection's socket, read through {@link CopyFrames}; encrypted or not, for it is put in place
 * when the connection stands.
 */
final class FramedSocket extends Socket {

  /** A row up to here comes whole, for that is what may be cut between rows. */
  static final int MOST = ChunkSizes.DEFAULT.max();

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private FramedSocket(Socket socket, boolean bytes) throws IOException {
    this.socket = socket;
    this.in = new CopyFrames(socket.getInputStream(), MOST);
    OutputStream below = socket.getOutputStream();
    this.out = bytes ? new Latin1Statements(below) : below;
  }

  /**
   * Puts it under a connection on which nothing is under way.
   *
   * @param bytes whether each byte of a text is one character, read and written
   */
  static void under(Connection connection, boolean bytes) throws SQLException {
    try {
      // The driver has a public way to change its stream's socket, and none to the stream. Its
      // inner classes carry annotations that are on no class path, so none is named here.
      PGConnection driver = connection.unwrap(PGConnection.class);
      Object executor = driver.getClass().getMethod("getQueryExecutor").invoke(driver);
      Field field = executor.getClass().getSuperclass().getDeclaredField("pgStream");
      field.setAccessible(true);
      Object stream = field.get(executor);
      Socket socket = (Socket) stream.getClass().getMethod("getSocket").invoke(stream);
      stream
          .getClass()
          .getMethod("changeSocket", Socket.class)
          .invoke(stream, new FramedSocket(socket, bytes));
      if (bytes) {
        stream
            .getClass()
            .getMethod("setEncoding", Encoding.class)
            .invoke(stream, Encoding.getJVMEncoding("ISO-8859-1"));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of the PostgreSQL driver is not known", e);
    } catch (IOException e) {
      throw new SQLException("the connection broke: " + e.getMessage(), "08006", e);
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    socket.setSoTimeout(millis);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return socket.getSoTimeout();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return socket.getSendBufferSize();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
