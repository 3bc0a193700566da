package routes.platform.stores;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.platform.postgres.PostgresAddress;

/** The pool over the hub's own database. Flyway migrates it before anything else starts. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  @Bean
  HikariDataSource dataSource(DatabaseProperties properties) {
    PostgresAddress address = properties.address();
    HikariConfig config = new HikariConfig();
    config.setPoolName("hub");
    config.setJdbcUrl(address.jdbcUrl());
    config.setUsername(address.username());
    config.setPassword(address.password());
    config.setMaximumPoolSize(properties.poolSize());
    config.setConnectionTimeout(properties.connectionTimeout().toMillis());
    config.setMaxLifetime(properties.maxLifetime().toMillis());
    config.addDataSourceProperty("ApplicationName", "ml-security-hub");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // Without it a statement waits for ever on a server that was paused or cut off.
    config.addDataSourceProperty("socketTimeout", "60");
    return new HikariDataSource(config);
  }
}
