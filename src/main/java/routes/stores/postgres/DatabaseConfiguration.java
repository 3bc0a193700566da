package routes.stores.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.flyway.FlywayDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

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
    // A hub that stands still in the middle of a transaction would keep its locks as long, and with
    // them every other hub's next fire of that trigger. Its own transactions take milliseconds; a
    // long one that reads in steps says SET LOCAL.
    config.setConnectionInitSql("SET idle_in_transaction_session_timeout = '10s'");
    return new HikariDataSource(config);
  }

  /** Of the hub's own database, for routes: {@code policy: {ref: transaction}}. */
  @Bean
  TransactionSteps transaction(PlatformTransactionManager transactions) {
    return new TransactionSteps(new TransactionTemplate(transactions), (exchange, e) -> false);
  }

  /** For Flyway alone: a migration of a large schema may take as long as it takes. */
  @Bean(defaultCandidate = false)
  @FlywayDataSource
  PGSimpleDataSource migrationDataSource(DatabaseProperties properties) {
    PostgresAddress address = properties.address();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(address.jdbcUrl());
    source.setUser(address.username());
    source.setPassword(address.password());
    source.setApplicationName("ml-security-hub-migration");
    source.setTcpKeepAlive(true);
    return source;
  }
}
