package routes.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import routes.contract.S3Contract;

/** MinIO and versitygw keep the contract that the stand-in keeps. */
@Tag("real")
class S3RealTest {

  @Nested
  class Minio extends OnAServer {
    Minio() {
      super("minio", "minio-root-user", "minio-root-password");
    }
  }

  @Nested
  class Versitygw extends OnAServer {
    Versitygw() {
      super("versitygw", null, "s3-versitygw");
    }
  }

  private abstract static class OnAServer extends S3Contract {

    private final RealServers servers = new RealServers();
    private final String server;
    private final String user;
    private final String password;

    /**
     * @param user the secret that holds the name of its first user; null for {@code root}
     */
    OnAServer(String server, String user, String password) {
      this.server = server;
      this.user = user;
      this.password = password;
    }

    @Override
    protected void assumeThere() {
      servers.assumeRunning(server);
    }

    @Override
    protected URI endpoint() {
      return URI.create("http://127.0.0.1:" + servers.port(server));
    }

    @Override
    protected String accessKey() {
      return user == null ? "root" : secret(user);
    }

    @Override
    protected String secretKey() {
      return secret(password);
    }

    @Override
    protected String refusesVersions() {
      return "";
    }

    @Override
    protected String refusesLocks() {
      return "";
    }

    private String secret(String name) {
      try {
        return servers.secret(name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
