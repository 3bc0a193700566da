package routes.stores.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.actuate.jdbc.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Two connections for questions that must be answered at once, whatever the work does with the main
 * pool: whose key is this, and is the database there.
 */
@Configuration(proxyBeanMethods = false)
public class GuardPool {

  /** Qualifier of the pool; nobody gets it by type. */
  public static final String NAME = "guardDataSource";

  @Bean(name = NAME, defaultCandidate = false)
  HikariDataSource guardPool(DatabaseProperties properties) {
    PostgresAddress address = properties.address();
    HikariConfig config = new HikariConfig();
    config.setPoolName("hub-guard");
    config.setJdbcUrl(address.jdbcUrl());
    config.setUsername(address.username());
    config.setPassword(address.password());
    config.setMaximumPoolSize(2);
    // A caller is told 503 after this, not after the 30 s that work may wait.
    config.setConnectionTimeout(2_000);
    config.setValidationTimeout(1_000);
    config.setMaxLifetime(properties.maxLifetime().toMillis());
    // The first question starts it: the main pool and Flyway have said by then what is wrong.
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "ml-security-hub-guard");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("connectTimeout", "2");
    config.addDataSourceProperty("socketTimeout", "3");
    return new HikariDataSource(config);
  }

  /** In place of the default one, which would wait for the main pool. */
  @Bean
  HealthContributor dbHealthContributor(
      @org.springframework.beans.factory.annotation.Qualifier(NAME) HikariDataSource guard) {
    return new DataSourceHealthIndicator(guard);
  }
}
