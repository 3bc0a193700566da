package routes.jobs.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.RunContext;
import routes.jobs.ledger.Run;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.web.operations.IdempotencyKey;

/**
 * The port {@code direct:<id>} of each job that is declared with its work. The runner sends the
 * request record of a run there, and gets its outcome. A route that sends anything else queues a
 * run: the parameters are a Map or a JSON object, a header {@code Idempotency-Key} makes a repeat
 * find the first run, and the body out is a Map with the run's id ({@code run}), {@code job} and
 * {@code state}.
 */
@Component
public class JobPorts extends RouteBuilder {

  /** Takes requests for runs. */
  public interface Queue {
    Run submit(Runs.Request request);
  }

  private final JobCatalogue jobs;
  private final Queue queue;

  JobPorts(JobCatalogue jobs, Queue queue) {
    this.jobs = jobs;
    this.queue = queue;
  }

  @Override
  public void configure() {
    for (Job<?> job : jobs.all()) {
      if (!job.hasRouteOfItsOwn()) {
        from("direct:" + job.id())
            .routeId(job.id())
            .routeDescription(job.description())
            .process(exchange -> exchange.getMessage().setBody(answer(job, exchange)))
            .id(job.id() + ".run");
      }
    }
  }

  private Object answer(Job<?> job, Exchange exchange) throws Exception {
    RunContext run = exchange.getProperty(RunContext.PROPERTY, RunContext.class);
    Object body = exchange.getMessage().getBody();
    if (run != null && job.request().isInstance(body)) {
      return job.execute(body, run);
    }
    Run queued =
        queue.submit(
            new Runs.Request(
                job.id(),
                params(exchange),
                false,
                false,
                "route " + exchange.getFromRouteId(),
                key(exchange)));
    return Map.of("run", queued.id().toString(), "job", job.id(), "state", queued.state());
  }

  private static String key(Exchange exchange) {
    String text = exchange.getMessage().getHeader(IdempotencyKey.HEADER, String.class);
    try {
      return text == null ? null : new IdempotencyKey(text).value();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(IdempotencyKey.HEADER, e.getMessage());
    }
  }

  private static Map<String, Object> params(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body instanceof Map<?, ?> map) {
      Map<String, Object> params = new LinkedHashMap<>();
      map.forEach((name, value) -> params.put(String.valueOf(name), value));
      return params;
    }
    String text = exchange.getMessage().getBody(String.class);
    if (text == null || text.isBlank()) {
      return Map.of();
    }
    try {
      return StrictJson.object(text);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "params", "must be a JSON object of the job's parameters: " + e.getOriginalMessage());
    }
  }
}
