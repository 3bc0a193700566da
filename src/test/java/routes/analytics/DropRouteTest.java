package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.RouteTest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;

/**
 * Dying between any two steps repeats the rest; that a repeat changes no row is the table's key.
 */
@RouteTest.Of("drop.*")
class DropRouteTest extends RouteTest {

  private final List<String> steps = new ArrayList<>();
  private final MemoryIdempotentRepository seen = new MemoryIdempotentRepository();
  private String broken;

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind("dropRoutes", new DropRoutes(null, null, null, null));
    context
        .getRegistry()
        .bind(
            "drops",
            new Drops(null, null, null) {
              @Override
              public Settled take(Waiting file) {
                step("take " + file.name());
                return new Settled(file, "done", "all of it");
              }

              @Override
              public void tell(Settled settled) {
                step("tell " + settled.target());
              }
            });
    context.getRegistry().bind("dropsSeen", seen);
    load("drops");
    TemplatedRouteBuilder.builder(context, "drop")
        .routeId("drop.test")
        .parameter("route", "drop.test")
        .parameter("bucket", "findings")
        .parameter("prefix", "in/")
        .parameter("every", "1000")
        .add();
    advise(
        "drop.test",
        route -> {
          route.replaceFromWith("direct:bucket");
          // The last one first: what is replaced goes on being counted.
          route.weaveByType(ToDefinition.class).selectIndex(1).replace().to("mock:delete");
          route.weaveByType(ToDefinition.class).selectIndex(0).replace().to("mock:copy");
        });
    getMockEndpoint("mock:copy")
        .whenAnyExchangeReceived(
            exchange -> {
              CopyObjectRequest copy = exchange.getMessage().getBody(CopyObjectRequest.class);
              assertThat(copy.copySourceIfMatch()).isEqualTo("e-tag");
              step("copy to " + copy.destinationKey());
            });
    getMockEndpoint("mock:delete")
        .whenAnyExchangeReceived(
            exchange ->
                step("delete " + exchange.getMessage().getBody(DeleteObjectRequest.class).key()));
    context.start();
  }

  private void step(String what) {
    steps.add(what);
    if (broken != null && what.startsWith(broken)) {
      throw new IllegalStateException("away");
    }
  }

  private Exchange look() {
    return template.send(
        "direct:bucket",
        exchange -> {
          exchange
              .getMessage()
              .setHeaders(
                  new java.util.HashMap<>(
                      Map.of(
                          "CamelAwsS3BucketName",
                          "findings",
                          "CamelAwsS3Key",
                          "in/results/a.jsonl",
                          "CamelAwsS3ETag",
                          "e-tag",
                          "CamelAwsS3LastModified",
                          Instant.EPOCH,
                          "CamelAwsS3ContentLength",
                          9L)));
        });
  }

  private static final String[] ALL = {
    "take results/a.jsonl",
    "tell in/done/results/a.jsonl",
    "copy to in/done/results/a.jsonl",
    "delete in/results/a.jsonl"
  };

  @Test
  void aFileIsTakenToldCopiedAndGoesLast() {
    Exchange done = look();

    assertThat(done.getException()).isNull();
    assertThat(steps).containsExactly(ALL);
    assertThat(done.getMessage().getHeaders().keySet())
        .as("headers hold no key, which is anybody's text")
        .noneMatch(header -> header.startsWith("CamelAwsS3"));
  }

  @Test
  void anUploadThatIsSettledIsLeftAlone() {
    look();
    look();

    assertThat(steps).containsExactly(ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"take", "tell", "copy", "delete"})
  void aFaultAtAnyStepLeavesTheFileAndTheNextLookDoesItAll(String step) {
    broken = step;
    assertThat(look().getException()).hasMessage("away");
    assertThat(seen.getCache()).as("it is not noted").isEmpty();
    int last = steps.size() - 1;
    assertThat(steps).startsWith(java.util.Arrays.copyOf(ALL, last + 1)).hasSize(last + 1);

    broken = null;
    steps.clear();
    assertThat(look().getException()).isNull();

    assertThat(steps).containsExactly(ALL);
    assertThat(seen.getCache()).hasSize(1);
  }
}
