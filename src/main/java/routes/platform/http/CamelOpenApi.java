package routes.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.rest.VerbDefinition;
import org.apache.camel.openapi.BeanConfig;
import org.apache.camel.openapi.OpenApiHelper;
import org.apache.camel.openapi.RestOpenApiReader;
import org.apache.camel.openapi.RestOpenApiSupport;
import org.springframework.stereotype.Component;
import routes.platform.error.Problem;

/**
 * The contract as an OpenAPI 3.1 document. Camel reads it from its REST definitions; added here is
 * what it cannot know: a server that is where the document was fetched, defaults of the right type,
 * and that every error is a problem.
 */
@Component
class CamelOpenApi {

  private static final String PROBLEM = "Problem";
  private static final String STREAM = "text/event-stream";

  private final CamelContext camel;
  private final ObjectMapper json;
  private volatile JsonNode made;

  CamelOpenApi(CamelContext camel, ObjectMapper json) {
    this.camel = camel;
    this.json = json;
  }

  /** Made once: routes do not change while the hub runs. */
  JsonNode get() {
    if (made == null) {
      made = make();
    }
    return made;
  }

  private JsonNode make() {
    BeanConfig config = new BeanConfig();
    config.setVersion("3.1.0");
    config.setInfo(
        new Info()
            .title("ML Security Hub")
            .version("1")
            .description(
                "Jobs, triggers, runs, snapshots, keys and the audit trail. The scope of an"
                    + " operation is the least role that may ask for it: viewer, operator, admin."));
    try {
      List<VerbDefinition> verbs =
          ((ModelCamelContext) camel)
              .getRestDefinitions().stream().flatMap(rest -> rest.getVerbs().stream()).toList();
      // Its reader leaves out what Camel does not serve; a controller does. Routes are built by
      // now.
      verbs.forEach(verb -> verb.setDisabled(null));
      Set<String> streams =
          verbs.stream()
              .filter(verb -> STREAM.equals(verb.getProduces()))
              .map(VerbDefinition::getId)
              .collect(Collectors.toSet());
      OpenAPI api =
          new RestOpenApiReader()
              .read(
                  camel,
                  ((ModelCamelContext) camel).getRestDefinitions(),
                  config,
                  camel.getName(),
                  camel.getClassResolver());
      OpenApiHelper.clearVendorExtensions(api);
      complete(api, streams);
      return json.readTree(RestOpenApiSupport.getFromOpenAPI(api, config, String.class, true));
    } catch (ClassNotFoundException | UnknownHostException | JsonProcessingException e) {
      throw new IllegalStateException("the OpenAPI document cannot be made", e);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void complete(OpenAPI api, Set<String> streams) {
    api.setServers(List.of(new Server().url("/")));
    api.setTags(null);
    api.getComponents().addSchemas(PROBLEM, problem());
    api.getPaths()
        .forEach(
            (path, item) ->
                item.readOperations()
                    .forEach(
                        operation -> {
                          operation.setTags(List.of(tag(path)));
                          if (operation.getParameters() != null) {
                            operation.getParameters().forEach(CamelOpenApi::typeDefault);
                          }
                          responses(operation, streams);
                        }));
  }

  private static String tag(String path) {
    String[] parts = path.split("/");
    return parts.length > 2 ? parts[2] : parts[1];
  }

  private static void typeDefault(Parameter parameter) {
    Schema<?> schema = parameter.getSchema();
    if (schema == null || schema.getDefault() == null) {
      return;
    }
    String text = schema.getDefault().toString();
    Set<String> types = schema.getTypes() == null ? Set.of() : schema.getTypes();
    if (types.contains("integer")) {
      set(schema, Long.valueOf(text));
    } else if (types.contains("boolean")) {
      set(schema, Boolean.valueOf(text));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void set(Schema schema, Object value) {
    schema.setDefault(value);
  }

  private static void responses(Operation operation, Set<String> streams) {
    if (operation.getSecurity() != null) {
      operation
          .getResponses()
          .addApiResponse("401", new ApiResponse().description("The key is no live one"));
      operation
          .getResponses()
          .addApiResponse("403", new ApiResponse().description("The key's role may not do that"));
    }
    operation
        .getResponses()
        .addApiResponse("default", new ApiResponse().description("Whatever else went wrong"));
    operation
        .getResponses()
        .forEach(
            (code, response) ->
                response.setContent(
                    code.startsWith("2") || operation.getSecurity() == null && code.equals("503")
                        ? answer(streams.contains(operation.getOperationId()))
                        : content(
                            Problem.MEDIA_TYPE,
                            new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
  }

  private static Content answer(boolean stream) {
    return stream
        ? content(STREAM, new Schema<>().types(Set.of("string")))
        : content("application/json", new Schema<>().types(Set.of("object")));
  }

  private static Content content(String mediaType, Schema<?> schema) {
    return new Content().addMediaType(mediaType, new MediaType().schema(schema));
  }

  private static Schema<?> problem() {
    Schema<Object> problem = new Schema<>();
    problem.setTypes(Set.of("object"));
    problem.setDescription("RFC 9457. Further members name what it is about, such as a run.");
    problem.setRequired(List.of("type", "title", "status", "detail"));
    for (String text : List.of("type", "title", "detail", "traceId", "field")) {
      problem.addProperty(text, new Schema<>().types(Set.of("string")));
    }
    problem.addProperty("status", new Schema<>().types(Set.of("integer")));
    return problem;
  }
}
