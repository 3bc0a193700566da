package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** Holds a test class to its {@link Covers}. */
final class CoversExtension implements BeforeAllCallback, AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(CoversExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    Map<String, Long> before = new HashMap<>();
    covered(context).forEach(id -> before.put(id, TestTelemetry.done(id)));
    context.getStore(NAMESPACE).put("before", before);
  }

  @Override
  @SuppressWarnings("unchecked") // as it was put
  public void afterAll(ExtensionContext context) {
    if (context.getExecutionException().isPresent() || isNarrowed()) {
      return;
    }
    Map<String, Long> before = context.getStore(NAMESPACE).get("before", Map.class);
    // An answer is there before its route is done.
    Awaitility.await()
        .atMost(HubTest.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(before.keySet())
                    .as("routes that the class covers and that did some work in it")
                    .allMatch(id -> TestTelemetry.done(id) > before.get(id)));
  }

  /** One method of the class was asked for. */
  private static boolean isNarrowed() {
    return System.getProperty("test", "").contains("#");
  }

  private static List<String> covered(ExtensionContext context) {
    CamelContext camel = SpringExtension.getApplicationContext(context).getBean(CamelContext.class);
    List<String> all = camel.getRoutes().stream().map(Route::getId).toList();
    List<String> covered = new ArrayList<>();
    for (String claim : context.getRequiredTestClass().getAnnotation(Covers.class).value()) {
      List<String> found = all.stream().filter(id -> covers(claim, id)).toList();
      assertThat(found).as("routes that @Covers calls " + claim).isNotEmpty();
      covered.addAll(found);
    }
    return covered;
  }

  /** Whether a claim is about a route. */
  static boolean covers(String claim, String id) {
    return claim.endsWith("*")
        ? id.startsWith(claim.substring(0, claim.length() - 1))
        : id.equals(claim)
            || claim.startsWith("api.") && id.equals("rest." + claim.substring("api.".length()));
  }
}
