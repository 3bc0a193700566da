package routes.web.openapi;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.NotFoundException;
import routes.web.operations.Needs;
import routes.web.security.Role;

/**
 * The contract as a page, for people who explore. A browser asks for a name and a password: any
 * name, and an API key.
 */
@RestController
class DocsController {

  private static final MediaType SCRIPT = new MediaType("text", "javascript");

  private record Part(Resource resource, MediaType type) {}

  private final Map<String, Part> parts;

  DocsController() throws IOException {
    parts =
        Map.of(
            "swagger-ui.css", new Part(webJar("swagger-ui.css"), new MediaType("text", "css")),
            "swagger-ui-bundle.js", new Part(webJar("swagger-ui-bundle.js"), SCRIPT),
            "docs.js", new Part(new ClassPathResource("docs/docs.js"), SCRIPT));
  }

  /** Of whatever version the class path has. */
  private static Resource webJar(String file) throws IOException {
    return new PathMatchingResourcePatternResolver()
        .getResources("classpath*:META-INF/resources/webjars/swagger-ui/*/" + file)[0];
  }

  @GetMapping("/api/docs")
  @Needs(Role.VIEWER)
  @Operation(operationId = "docs", summary = "Shows this contract as a page")
  ResponseEntity<Resource> page() {
    return answer(new Part(new ClassPathResource("docs/index.html"), MediaType.TEXT_HTML));
  }

  @GetMapping("/api/docs/{file}")
  @Needs(Role.VIEWER)
  @Operation(operationId = "docs.file", summary = "Returns a part of the page")
  ResponseEntity<Resource> file(
      @PathVariable @Parameter(description = "Name, as the page asks for it") String file) {
    Part part = parts.get(file);
    if (part == null) {
      throw new NotFoundException("file", file, "see GET /api/docs");
    }
    return answer(part);
  }

  private static ResponseEntity<Resource> answer(Part part) {
    return ResponseEntity.ok()
        .contentType(new MediaType(part.type(), StandardCharsets.UTF_8))
        .body(part.resource());
  }
}
