package routes.kernel.errors;

import java.sql.SQLException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Tells in one line why the hub does not start, where nothing more specific does: a bad value names
 * its key, a database that is away its address.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
class StartFailureMessage extends AbstractFailureAnalyzer<Throwable> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, Throwable cause) {
    SQLException sql = Failures.find(rootFailure, SQLException.class);
    if (sql != null) {
      return new FailureAnalysis(
          "The hub's database cannot be used: " + sql.getMessage(),
          "Check hub.database.url, hub.database.username and hub.database.password;"
              + " ./hub doctor looks at the rest.",
          cause);
    }
    IllegalArgumentException value = Failures.find(rootFailure, IllegalArgumentException.class);
    return value == null
        ? null
        : new FailureAnalysis(
            value.getMessage(),
            "Mend it in the configuration, then start the hub again; ./hub doctor looks at all of"
                + " it.",
            cause);
  }
}
