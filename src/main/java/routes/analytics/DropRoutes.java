package routes.analytics;

import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.analytics.Drops.Waiting;
import routes.kernel.SqlFile;
import routes.kernel.errors.Failures;
import routes.messaging.deadletters.ErrorPolicy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Route {@code drop.redteam}, made of the template in {@code camel/drops.camel.yaml} when {@code
 * hub.redteam.drop} is set.
 */
@Component
public class DropRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(DropRoutes.class);

  private final RedteamProperties properties;
  private final S3Client s3;
  private final DataSource database;
  private final CamelContext context;

  DropRoutes(RedteamProperties properties, S3Client s3, DataSource database, CamelContext context) {
    this.context = context;
    this.properties = properties;
    this.s3 = s3;
    this.database = database;
  }

  /** When the templates are there. */
  @EventListener(ApplicationStartedEvent.class)
  void add() {
    JdbcMessageIdRepository seen = new JdbcMessageIdRepository(database, "drop.redteam");
    seen.setCreateTableIfNotExists(false);
    seen.setQueryString(SqlFile.load("redteam/drop-seen"));
    seen.setInsertString(SqlFile.load("redteam/drop-note"));
    seen.setDeleteString(SqlFile.load("redteam/drop-take-back"));
    context.getRegistry().bind("dropsSeen", seen);
    context.getRegistry().bind("dropClient", new DropClient(s3));
    context.getRegistry().bind("dropFailures", new FailureReport());
    if (properties.isOn()) {
      watch(context, "drop.redteam", properties.bucket(), properties.prefix(), properties.every());
    }
  }

  /** One line in place of a stack at each look; the next look tries again. */
  private static final class FailureReport implements ExceptionHandler {

    @Override
    public void handleException(Throwable failure) {
      handleException(null, failure);
    }

    @Override
    public void handleException(String message, Throwable failure) {
      LOG.warn("Cannot look into a drop, will look again: {}", Failures.describe(failure));
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable failure) {
      LOG.warn(
          "Cannot settle file {}, will try again: {}",
          exchange.getVariable("file"),
          Failures.describe(failure));
    }
  }

  static void watch(
      CamelContext context, String route, String bucket, String prefix, Duration every) {
    TemplatedRouteBuilder.builder(context, "drop")
        .routeId(route)
        .parameter("route", route)
        .parameter("bucket", bucket)
        .parameter("prefix", prefix)
        .parameter("every", every.toMillis())
        .add();
  }

  /** First step: a record of what Camel's consumer says in headers, and none of these. */
  public void admit(Exchange exchange) {
    Message message = exchange.getMessage();
    Waiting file =
        new Waiting(
            message.getHeader(AWS2S3Constants.BUCKET_NAME, String.class),
            exchange.getProperty("prefix", String.class),
            message.getHeader(AWS2S3Constants.KEY, String.class),
            message.getHeader(AWS2S3Constants.E_TAG, String.class),
            message.getHeader(AWS2S3Constants.LAST_MODIFIED, Instant.class),
            message.getHeader(AWS2S3Constants.CONTENT_LENGTH, Long.class));
    message.removeHeaders("*");
    exchange.setProperty(ErrorPolicy.REPORTED, true); // by the consumer
    exchange.setVariable("file", file);
    message.setBody(file);
  }
}
