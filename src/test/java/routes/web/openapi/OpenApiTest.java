package routes.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import routes.Api;
import routes.HubTest;
import routes.web.operations.Operation;
import routes.web.operations.Operations;
import routes.web.operations.RawBody;

class OpenApiTest extends HubTest {

  @Autowired private Operations operations;

  private JsonNode document;
  private String text;

  @BeforeEach
  void fetch() {
    Api.Answer answer = as("viewer").get("/api/openapi.json");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.mediaType()).isEqualTo("application/json");
    document = answer.json();
    text = answer.http().body();
  }

  @Test
  void isValid() {
    SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(text);

    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getInfo().getTitle()).isEqualTo("ML Security Hub");
    assertThat(document.at("/openapi").asText()).startsWith("3.1");
    assertThat(document.at("/servers/0/url").asText()).isEqualTo("/");
    assertThat(text).doesNotContain("0.0.0.0").doesNotContain("x-camel");
  }

  @Test
  void isComplete() {
    List<String> ids = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(method -> ids.add(check(path.getKey(), method.getValue()))));

    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).contains("jobs.run.test.echo");
    ids.removeIf(id -> id.startsWith("jobs.run.")); // one of each job
    assertThat(new TreeSet<>(ids))
        .isEqualTo(new TreeSet<>(operations.all().stream().map(Operation::id).toList()));
  }

  @Test
  void noOperationTakesMoreThanTheBudgetHas() {
    assertThat(operations.all())
        .allMatch(one -> one.mostBytes() > 0 && one.mostBytes() <= RawBody.MOST_BYTES);
  }

  @Test
  void aStreamIsOne() {
    JsonNode events = document.at("/paths/~1api~1runs~1{id}~1events/get");

    assertThat(events.at("/responses/200/content").has("text/event-stream")).isTrue();
    assertThat(events.at("/responses/404/content").has("application/problem+json")).isTrue();
    assertThat(
            document
                .at("/paths/~1api~1runs~1{id}/get/responses/200/content")
                .has("application/json"))
        .isTrue();
  }

  @Test
  void typesOfOneNameAreNotTakenForEachOther() {
    JsonNode schemas = document.at("/components/schemas");

    assertThat(schemas.at("/PageAuditEntry/properties/items/items/$ref").asText())
        .isEqualTo("#/components/schemas/AuditEntry");
    assertThat(schemas.at("/AuditEntry/properties").has("actor")).isTrue();
    assertThat(schemas.at("/Entry/properties").has("chunks")).isTrue();
  }

  private static String check(String path, JsonNode operation) {
    String id = operation.path("operationId").asText();
    assertThat(operation.path("summary").asText()).as("summary of " + id).isNotBlank();
    assertThat(operation.path("responses").properties())
        .as("what " + id + " answers when all is well")
        .anyMatch(response -> response.getKey().startsWith("2"));
    List<String> inPath = new ArrayList<>();
    operation
        .path("parameters")
        .forEach(
            parameter -> {
              assertThat(parameter.path("description").asText())
                  .as(parameter.path("name") + " of " + id)
                  .isNotBlank();
              JsonNode fallback = parameter.at("/schema/default");
              if (parameter.at("/schema/type").asText().equals("integer")) {
                assertThat(fallback.isMissingNode() || fallback.isInt()).isTrue();
              }
              if (parameter.path("in").asText().equals("path")) {
                assertThat(parameter.path("required").asBoolean()).isTrue();
                inPath.add(parameter.path("name").asText());
              }
            });
    assertThat(inPath)
        .containsExactlyInAnyOrderElementsOf(
            Pattern.compile("\\{(\\w+)}").matcher(path).results().map(m -> m.group(1)).toList());
    says("request of " + id, operation.at("/requestBody/content"));
    operation
        .path("responses")
        .properties()
        .forEach(
            response -> says(response.getKey() + " of " + id, response.getValue().path("content")));
    if (!path.equals("/health")) {
      assertThat(operation.at("/security/0/apiKey/0").asText())
          .as("role of " + id)
          .isIn("service", "viewer", "operator", "admin");
      assertThat(operation.at("/responses/401/content").has("application/problem+json")).isTrue();
    }
    return id;
  }

  /** That of any object a client knows as little as of nothing. */
  private static void says(String what, JsonNode content) {
    content.forEach(
        media -> {
          JsonNode schema = media.path("schema");
          assertThat(schema.has("$ref") || schema.has("type")).as("schema of " + what).isTrue();
          if (schema.path("type").asText().equals("object")) {
            assertThat(schema.has("properties") || schema.has("additionalProperties"))
                .as("members in " + what)
                .isTrue();
          }
        });
  }
}
