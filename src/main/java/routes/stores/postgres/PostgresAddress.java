package routes.stores.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * One database of one PostgreSQL server and who asks.
 *
 * @param host name or address
 * @param port 1–65535
 * @param database name, unquoted
 * @param username role, or null for the driver's default
 * @param password or null; never part of {@link #toString()} or {@link #jdbcUrl()}
 * @param query driver parameters as written after {@code ?}, or empty
 */
public record PostgresAddress(
    String host, int port, String database, String username, String password, String query) {

  private static final Pattern SCHEME =
      Pattern.compile("^(jdbc:postgresql|postgresql|postgres)://");

  /**
   * Reads {@code jdbc:postgresql://host:port/db} and the {@code postgresql://user:password@host/db}
   * that libpq and most platforms write. Values given beside the URL win over those in it.
   *
   * @param key the configuration key, for the error
   * @throws IllegalArgumentException naming the key, never the URL: it may hold a password
   */
  public static PostgresAddress of(String key, String url, String username, String password) {
    if (url == null || url.isBlank()) {
      throw new IllegalArgumentException(
          key + " is not set; write postgresql://user@host:5432/database");
    }
    var scheme = SCHEME.matcher(url.strip());
    if (!scheme.find()) {
      throw new IllegalArgumentException(
          key + " must begin with postgresql:// or jdbc:postgresql://");
    }
    URI uri;
    try {
      uri = new URI("postgresql://" + url.strip().substring(scheme.end()));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          key + " is not a URL (odd characters in a user or password must be %-encoded)");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(key + " names no host, or more than one: give one host");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (path.length() < 2 || path.indexOf('/', 1) >= 0) {
      throw new IllegalArgumentException(key + " must name a database: …/host:5432/database");
    }
    String user = username;
    String secret = password;
    if (uri.getRawUserInfo() != null) {
      String[] parts = uri.getRawUserInfo().split(":", 2);
      user = blankToNull(user) == null ? decode(parts[0]) : user;
      secret = blankToNull(secret) == null && parts.length > 1 ? decode(parts[1]) : secret;
    }
    return new PostgresAddress(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        decode(path.substring(1)),
        blankToNull(user),
        blankToNull(secret),
        Objects.requireNonNullElse(uri.getRawQuery(), ""));
  }

  /** The same server and role, another database. */
  public PostgresAddress withDatabase(String other) {
    return new PostgresAddress(host, port, other, username, password, query);
  }

  /** The same with a parameter of the driver, {@code name=value} as in a URL. */
  public PostgresAddress with(String parameter) {
    String all = query.isEmpty() ? parameter : query + "&" + parameter;
    return new PostgresAddress(host, port, database, username, password, all);
  }

  /** For the driver; without user and password. */
  public String jdbcUrl() {
    String name = java.net.URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    return "jdbc:postgresql://%s:%s/%s%s"
        .formatted(host, port, name, query.isEmpty() ? "" : "?" + query);
  }

  /**
   * Opens one connection outside any pool.
   *
   * @param applicationName as shown in {@code pg_stat_activity}
   */
  public Connection connect(String applicationName) throws SQLException {
    Properties properties = new Properties();
    if (username != null) {
      properties.setProperty("user", username);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("connectTimeout", "10");
    // A server that vanished without a word must not hold a run for hours.
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(jdbcUrl(), properties);
  }

  @Override
  public String toString() {
    return "postgresql://" + host + ":" + port + "/" + database;
  }

  private static String decode(String text) {
    // '+' is itself in the user and path parts of a URL; only the query form makes it a space.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String blankToNull(String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
