package routes.stores.postgres;

/**
 * How a database is named in the configuration.
 *
 * @param url {@code postgresql://user:password@host:5432/database} or {@code jdbc:postgresql://…}
 * @param username wins over the one in the URL
 * @param password wins over the one in the URL; better still a file in {@code HUB_SECRETS_DIR}
 */
public record ConnectionProperties(String url, String username, String password) {

  /**
   * @param key the configuration key this stands under, for errors
   * @throws IllegalArgumentException naming the key to mend
   */
  public PostgresAddress address(String key) {
    return PostgresAddress.of(key + ".url", url, username, password);
  }

  @Override
  public String toString() {
    return "ConnectionProperties[…]";
  }
}
