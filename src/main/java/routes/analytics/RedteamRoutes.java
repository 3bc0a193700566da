package routes.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.component.sql.SqlConstants;
import org.apache.camel.component.sql.SqlOutputType;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import routes.analytics.Redteam.Outcome;
import routes.analytics.Redteam.Refused;
import routes.analytics.Redteam.Tally;
import routes.analytics.RedteamFile.Form;
import routes.analytics.RedteamFile.Row;
import routes.kernel.errors.Failures;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.deadletters.ErrorPolicy;
import routes.messaging.deadletters.PortCall;
import routes.stores.postgres.TransactionSteps;

/**
 * Port {@code direct:redteam.ingest}. Body in: {@code {"kind": …, "rows": […]}} as JSON, or a
 * {@link Batch}; out: what became of it.
 */
@Component
class RedteamRoutes extends EndpointRouteBuilder {

  private static final String TALLY = "tally";
  private static final String ROW = "row";
  private static final String FRESH = "fresh";

  /** Files that are read at a time: each may take ten times its size in memory. */
  private static final int AT_ONCE = 2;

  private final Redteam redteam;
  private final ProducerTemplate producer;
  private final ErrorPolicy policy;
  private final TransactionSteps transaction;
  private final TransactionSteps savepoint;
  private final Semaphore files = new Semaphore(AT_ONCE);

  RedteamRoutes(
      Redteam redteam,
      ProducerTemplate producer,
      ErrorPolicy policy,
      TransactionSteps transaction,
      PlatformTransactionManager transactions) {
    this.redteam = redteam;
    this.producer = producer;
    this.policy = policy;
    this.transaction = transaction;
    TransactionTemplate nested = new TransactionTemplate(transactions);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    this.savepoint = new TransactionSteps(nested, RedteamRoutes::refuse);
  }

  /** Rows of one kind. */
  record Batch(Kind kind, List<Row> rows) {}

  @Override
  public void configure() {
    from(direct("redteam.ingest"))
        .routeId("redteam.ingest")
        .routeDescription(
            "Writes what red teams found, and makes dead letters of rows that are wrong")
        .process(this::read)
        .id("redteam.ingest.read")
        .policy(transaction) // all rows of a file, with the events that tell of them
        .split(body())
        .stopOnException()
        .process(this::row)
        .policy(savepoint) // an adopted table may have rules of its own: only that row is refused
        .choice()
        .when(is(Kind.RESULTS))
        .to(write(Kind.RESULTS))
        .when(is(Kind.ATTACK_PATTERNS))
        .to(write(Kind.ATTACK_PATTERNS))
        .otherwise()
        .to(write(Kind.VULNERABILITIES))
        .end()
        .process(RedteamRoutes::count)
        .filter(RedteamRoutes::isCritical)
        .to(sql("classpath:sql/redteam/told.sql").advanced().parametersCount(2))
        .id("redteam.ingest.told")
        .filter(header(SqlConstants.SQL_UPDATE_COUNT).isEqualTo(1)) // once per finding
        .process(this::tell)
        .id("redteam.ingest.tell")
        .end() // told before
        .end() // not critical
        .end() // savepoint
        .end() // rows
        .end() // transaction
        .process(this::leaveLetters)
        .id("redteam.ingest.refuse");
  }

  private static Predicate is(Kind kind) {
    return exchange -> tally(exchange).kind() == kind;
  }

  private EndpointProducerBuilder write(Kind kind) {
    return sql("classpath:sql/redteam/" + kind.text() + ".sql")
        .outputType(SqlOutputType.SelectOne)
        .outputHeader(FRESH)
        .advanced()
        .parametersCount(kind.header().columns().size());
  }

  /**
   * Body out: the rows that keep to their schema. No header: camel-sql would take its statement
   * from one.
   */
  private void read(Exchange exchange) throws IOException {
    Batch batch = batch(exchange.getMessage());
    List<Row> good = new ArrayList<>();
    exchange.setProperty(TALLY, redteam.check(batch.kind(), batch.rows(), good));
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(good);
  }

  /** Body out: a row as parameters of its statement. */
  private void row(Exchange exchange) {
    Row row = exchange.getMessage().getBody(Row.class);
    exchange.setProperty(ROW, row);
    exchange.setProperty(ErrorPolicy.REPORTED, true);
    exchange.getMessage().setBody(redteam.parameters(tally(exchange).kind(), row.row()));
  }

  private static void count(Exchange exchange) {
    tally(exchange).count(exchange.getMessage().getHeader(FRESH, Boolean.class));
  }

  private static boolean isCritical(Exchange exchange) {
    Kind kind = tally(exchange).kind();
    JsonNode row = exchange.getProperty(ROW, Row.class).row();
    exchange.setProperty("kind", kind.text());
    exchange.setProperty("key", kind.keyOf(row));
    return exchange.getMessage().getHeader(FRESH) != null && kind.isCritical(row);
  }

  private void tell(Exchange exchange) {
    redteam.tell(tally(exchange).kind(), exchange.getProperty(ROW, Row.class).row());
    tally(exchange).told();
  }

  /** A row that breaks a rule of its table is data from here on. */
  private static boolean refuse(Exchange exchange, Exception failure) {
    if (Failures.find(failure, DataIntegrityViolationException.class) == null) {
      return false;
    }
    tally(exchange).refuse(exchange.getProperty(ROW, Row.class), "breaks a rule of its table");
    return true;
  }

  private static Tally tally(Exchange exchange) {
    return exchange.getProperty(TALLY, Tally.class);
  }

  /** Rows of a file, a message that ingest has held to its schema, or a dead letter of either. */
  private static Batch batch(Message in) throws IOException {
    Object body = in.getBody();
    if (body instanceof Batch batch) {
      return batch;
    }
    if (body instanceof byte[] letter) {
      JsonNode all = StrictJson.mapper().readTree(StrictJson.text(letter));
      String kind = in.getHeader("kind", String.class);
      if (kind != null) {
        return new Batch(Kind.of(kind), RedteamFile.of(array(all)));
      }
      return batch(all.has("specversion") ? all.path("data") : all);
    }
    return batch((JsonNode) body);
  }

  private static JsonNode array(JsonNode row) {
    return StrictJson.mapper().createArrayNode().add(row);
  }

  private static Batch batch(JsonNode message) {
    return new Batch(Kind.of(message.path("kind").asText()), RedteamFile.of(message.path("rows")));
  }

  /** Body out: the outcome. Each row that is wrong is a dead letter of its own. */
  private void leaveLetters(Exchange exchange) {
    Outcome outcome = tally(exchange).outcome();
    for (Refused refused : outcome.refused()) {
      byte[] text = refused.text().getBytes(StandardCharsets.UTF_8);
      policy.leaveLetter(
          exchange,
          new DeadLetters.Letter(
              sha256(outcome.kind(), text),
              "redteam.ingest",
              text,
              "text/plain",
              Map.of("kind", outcome.kind(), "line", String.valueOf(refused.line()))),
          new InvalidInputException("line " + refused.line(), refused.error()));
    }
    exchange.getMessage().setBody(outcome);
  }

  /** The same wrong row is one dead letter, however often it comes. */
  private static String sha256(String kind, byte[] text) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    digest.update((kind + "\n").getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(digest.digest(text));
  }

  /**
   * Takes a file.
   *
   * @throws HttpException 503 when as many are read as may be
   */
  Outcome take(Kind kind, byte[] bytes, Form form) {
    if (!files.tryAcquire()) {
      throw new HttpException(
          503, "Unavailable", "other files are being read; send it again in a while", Map.of());
    }
    try {
      return take(new Batch(kind, RedteamFile.read(bytes, form, kind.header())));
    } finally {
      files.release();
    }
  }

  /** Through the port, which counts and traces it. */
  private Outcome take(Batch batch) {
    return PortCall.call(producer, "redteam.ingest", batch, Outcome.class);
  }
}
