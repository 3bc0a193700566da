package routes.web.hooks;

import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.stereotype.Component;

/**
 * Which headers of a message go out with the answer of a REST route. By itself Camel sends all that
 * are left, those of the request among them.
 */
@Component("hookAnswers")
class HookAnswers implements HeaderFilterStrategy {

  private static final Set<String> SENT = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    SENT.addAll(
        Set.of("Content-Type", "Content-Disposition", "Location", "Retry-After", "Cache-Control"));
  }

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !SENT.contains(name);
  }

  /** Camel is shown none (see {@link RequestShield}). */
  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return false;
  }
}
