package routes.web.errors;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import routes.kernel.errors.Problem;

/** What Tomcat refuses before any filter, such as an encoded slash, is a problem too, not HTML. */
@Component
class TomcatProblems implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addContextCustomizers(
        context -> {
          if (context.getParent() instanceof StandardHost host) {
            host.setErrorReportValveClass(Valve.class.getName());
            // Before the one that Boot adds, which would answer first.
            host.getPipeline().addValve(new Valve());
          }
        });
  }

  /** Tomcat makes one by name. */
  public static final class Valve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable failure) {
      int status = response.getStatus();
      // Nothing to say, said already, or said by the application.
      if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
        return;
      }
      HttpServletResponse answer = response.getResponse();
      try {
        answer.setContentType(Problem.MEDIA_TYPE);
        answer
            .getOutputStream()
            .write(
                (("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%s,\"detail\":\"the "
                            + "request cannot be taken as it is\"}")
                        .formatted(status < 500 ? "Bad request" : "Internal error", status))
                    .getBytes(StandardCharsets.US_ASCII));
        response.finishResponse();
      } catch (IOException | IllegalStateException e) {
        // The client has gone, or its answer has begun: there is nobody to tell.
        container.getLogger().debug("no answer to a refused request", e);
      }
    }
  }
}
