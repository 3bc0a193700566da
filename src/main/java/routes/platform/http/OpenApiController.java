package routes.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.platform.security.Role;

/** The contract, for programs. springdoc's own path has no role, and so answers nobody. */
@RestController
class OpenApiController {

  private final OpenApiWebMvcResource springdoc;
  private final CamelOpenApi camel;
  private final ObjectMapper json;
  private volatile JsonNode made;

  OpenApiController(OpenApiWebMvcResource springdoc, CamelOpenApi camel, ObjectMapper json) {
    this.springdoc = springdoc;
    this.camel = camel;
    this.json = json;
  }

  /** Made once: operations do not change while the hub runs. */
  @GetMapping("/api/openapi.json")
  @Needs(Role.VIEWER)
  @Operation(operationId = "openapi", summary = "Returns this contract")
  JsonNode document(HttpServletRequest request) throws IOException {
    if (made == null) {
      ObjectNode document =
          (ObjectNode) json.readTree(springdoc.openapiJson(request, "", Locale.ENGLISH));
      ObjectNode paths = document.withObject("/paths");
      camel
          .get()
          .path("paths")
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .properties()
                      .forEach(
                          verb ->
                              paths
                                  .withObject(
                                      path.getKey()
                                          .replace("~", "~0")
                                          .replace("/", "~1")
                                          .replaceFirst("^", "/"))
                                  .set(verb.getKey(), verb.getValue())));
      made = document;
    }
    return made;
  }
}
