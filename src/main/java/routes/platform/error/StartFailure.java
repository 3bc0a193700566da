package routes.platform.error;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells in one line why the hub does not start, where nothing more specific does: a bad value names
 * its key, a store that is away its address. The stack is for the debug log.
 */
class StartFailure extends AbstractFailureAnalyzer<IllegalArgumentException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, IllegalArgumentException cause) {
    return new FailureAnalysis(
        cause.getMessage(), "Mend it in the configuration, then start the hub again.", cause);
  }
}
