package routes.web.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.web.operations.Needs;
import routes.web.security.Role;

/** The contract, for programs. springdoc's own path has no role, and so answers nobody. */
@RestController
class OpenApiController {

  private final OpenApiWebMvcResource springdoc;
  private final ObjectMapper json;
  private volatile JsonNode made;

  OpenApiController(OpenApiWebMvcResource springdoc, ObjectMapper json) {
    this.springdoc = springdoc;
    this.json = json;
  }

  /** Made once: operations do not change while the hub runs. */
  @GetMapping("/api/openapi.json")
  @Needs(Role.VIEWER)
  @Operation(operationId = "openapi", summary = "Returns this contract")
  JsonNode document(HttpServletRequest request) throws IOException {
    if (made == null) {
      made = json.readTree(springdoc.openapiJson(request, "", Locale.ENGLISH));
    }
    return made;
  }
}
