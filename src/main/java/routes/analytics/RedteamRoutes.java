package routes.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.stereotype.Component;
import routes.analytics.Redteam.Outcome;
import routes.analytics.Redteam.Refused;
import routes.analytics.RedteamFile.Form;
import routes.analytics.RedteamFile.Row;
import routes.platform.deadletter.DeadLetters;
import routes.platform.error.ErrorPolicy;
import routes.platform.error.HttpException;
import routes.platform.error.InvalidInputException;
import routes.platform.json.StrictJson;

/**
 * Port {@code direct:redteam.ingest}. Body in: {@code {"kind": …, "rows": […]}} as JSON, or a
 * {@link Batch}; out: what became of it.
 */
@Component
class RedteamRoutes extends EndpointRouteBuilder {

  private static final String OUTCOME = "outcome";

  /** Files that are read at a time: each may take ten times its size in memory. */
  private static final int AT_ONCE = 2;

  private final Redteam redteam;
  private final ProducerTemplate producer;
  private final Semaphore files = new Semaphore(AT_ONCE);

  RedteamRoutes(Redteam redteam, ProducerTemplate producer) {
    this.redteam = redteam;
    this.producer = producer;
  }

  /** Rows of one kind. */
  record Batch(Kind kind, List<Row> rows) {}

  @Override
  public void configure() {
    from(direct("redteam.ingest"))
        .routeId("redteam.ingest")
        .routeDescription(
            "Writes what red teams found, and makes dead letters of rows that are wrong")
        .process(exchange -> exchange.getMessage().setBody(batch(exchange.getMessage())))
        .id("redteam.ingest.read")
        .transform()
        .body(Batch.class, batch -> redteam.write(batch.kind(), batch.rows()))
        .id("redteam.ingest.write")
        .setProperty(OUTCOME, body())
        .split()
        .body(Outcome.class, Outcome::refused)
        .process(RedteamRoutes::refuse)
        .id("redteam.ingest.refuse")
        .end()
        .setBody(exchangeProperty(OUTCOME));
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

  /** A row that is wrong fails for itself alone: the error policy keeps it. */
  private static void refuse(Exchange exchange) {
    Refused refused = exchange.getMessage().getBody(Refused.class);
    Outcome outcome = exchange.getProperty(OUTCOME, Outcome.class);
    byte[] text = refused.text().getBytes(StandardCharsets.UTF_8);
    exchange.setProperty(
        DeadLetters.LETTER,
        new DeadLetters.Letter(
            sha256(outcome.kind(), text),
            "redteam.ingest",
            text,
            "text/plain",
            Map.of("kind", outcome.kind(), "line", String.valueOf(refused.line()))));
    throw new InvalidInputException("line " + refused.line(), refused.error());
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

  /** Through the port: an exchange of its own, so that each wrong row may fail for itself. */
  private Outcome take(Batch batch) {
    Exchange done =
        producer.send(
            "direct:redteam.ingest",
            exchange -> {
              exchange.setProperty(ErrorPolicy.REPORTED, true);
              exchange.getMessage().setBody(batch);
            });
    if (done.getException() instanceof RuntimeException e) {
      throw e;
    }
    if (done.getException() != null) {
      throw new IllegalStateException(done.getException());
    }
    return done.getMessage().getBody(Outcome.class);
  }
}
