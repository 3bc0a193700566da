package routes.platform.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

/**
 * Request ports of the API. A port is one sentence, {@link #port}: an {@link ApiRequest} in, a
 * record or an {@link ApiAnswer} out, which goes out as JSON.
 */
public abstract class ApiRoutes extends EndpointRouteBuilder {

  private ObjectMapper json;

  @Autowired
  void setJson(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Serves {@code direct:<id>}.
   *
   * @param id such as {@code api.runs.list}, as {@code camel/rest.camel.yaml} calls it
   * @param description one sentence for people
   * @param answer what is done
   */
  protected void port(String id, String description, Function<ApiRequest, ?> answer) {
    from(direct(id))
        .routeId(id)
        .routeDescription(description)
        .transform()
        .body(ApiRequest.class, answer::apply)
        .id(id + ".do")
        .process(this::write)
        .id(id + ".write");
  }

  /** The last step of a port that is more than one: what its body is goes out as JSON. */
  protected void write(Exchange exchange) throws Exception {
    Message message = exchange.getMessage();
    ApiAnswer answer =
        message.getBody() instanceof ApiAnswer given
            ? given
            : new ApiAnswer(200, null, message.getBody());
    message.removeHeaders("*"); // what is left in a header goes out as one
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
    if (answer.location() != null) {
      message.setHeader("Location", answer.location());
    }
    message.setBody(json.writeValueAsBytes(answer.body()));
  }
}
