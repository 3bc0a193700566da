package routes.analytics;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import routes.analytics.Redteam.Outcome;
import routes.analytics.RedteamFile.Form;
import routes.kernel.errors.HttpException;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.RawBody;
import routes.web.security.Role;

/** Files of red teams. */
@RestController
record RedteamController(RedteamRoutes port) {

  @PostMapping("/api/redteam/{kind}")
  @Needs(Role.SERVICE)
  @Operation(
      operationId = "redteam.ingest",
      summary =
          "Takes results, attack patterns or vulnerabilities of red teams: good rows go in, the"
              + " others are told by line",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              description =
                  "Rows, 16 MiB at most: a JSON list, one JSON object a line, or CSV with a header;"
                      + " docs/formats/ingest.md",
              required = true,
              content = {
                @Content(
                    mediaType = "application/json",
                    array = @ArraySchema(schema = @Schema(type = "object"))),
                @Content(
                    mediaType = "application/x-ndjson",
                    schema = @Schema(type = "string", format = "binary")),
                @Content(
                    mediaType = "text/csv",
                    schema = @Schema(type = "string", format = "binary"))
              }))
  @Fails(status = 415, when = "The file is of another media type")
  @Fails(
      status = 503,
      when =
          "Too many large bodies are at work, or a store does not answer; Retry-After says when to"
              + " ask again")
  Outcome ingest(
      @PathVariable @Parameter(description = "What the rows are") Kind kind,
      @RequestBody RawBody file) {
    Form form = Form.of(file.mediaType());
    if (form == null) {
      throw new HttpException(
          415,
          "Unsupported media type",
          "Content-Type: must be application/json, application/x-ndjson or text/csv (UTF-8)",
          Map.of("field", "Content-Type"));
    }
    return port.take(kind, file.bytes(), form);
  }
}
