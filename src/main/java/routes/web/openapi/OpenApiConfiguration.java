package routes.web.openapi;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import routes.kernel.errors.Problem;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.operations.TextValues;
import routes.web.security.Caller;

/**
 * What springdoc cannot read from the controllers: the role of each operation, and that every
 * failure is a problem document.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  static {
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
  }

  @Bean
  GlobalOpenApiCustomizer describedHub() {
    return api -> {
      api.info(
          new Info()
              .title("ML Security Hub")
              .version("1")
              .description(
                  "Jobs, triggers, runs, snapshots, keys and the audit trail. The scope of an"
                      + " operation is the least role that may call it: service, viewer, operator"
                      + " or admin."));
      api.servers(List.of(new Server().url("/")));
      components(api).getSchemas().values().forEach(OpenApiConfiguration::anyHasNoType);
      components(api)
          .addSchemas("Problem", problem())
          .addSecuritySchemes(
              "apiKey",
              new SecurityScheme()
                  .type(SecurityScheme.Type.HTTP)
                  .scheme("bearer")
                  .bearerFormat("hub_…")
                  .description("An API key: Authorization: Bearer hub_… (or X-API-Key: hub_…)"));
    };
  }

  /**
   * What may be any JSON has no type: six of them, as annotations have it, want a schema of the
   * items for arrays, and generated clients leave out each operation that has one without.
   */
  private static void anyHasNoType(Schema<?> schema) {
    if (schema.getTypes() != null && schema.getTypes().size() == 6) {
      schema.setTypes(null);
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(OpenApiConfiguration::anyHasNoType);
    }
    if (schema.getItems() != null) {
      anyHasNoType(schema.getItems());
    }
  }

  private static Components components(OpenAPI api) {
    if (api.getComponents() == null) {
      api.setComponents(new Components());
    }
    return api.getComponents();
  }

  /** Schemas of nested types bear their outer type's name, too: several are called Entry. */
  @Bean
  ModelResolver named(ObjectMapperProvider mappers) {
    return new ModelResolver(
            mappers.jsonMapper(),
            new TypeNameResolver() {
              @Override
              protected String getNameOfClass(Class<?> type) {
                return type.getEnclosingClass() == null
                    ? type.getSimpleName().replaceFirst("Controller$", "")
                    : getNameOfClass(type.getEnclosingClass()) + type.getSimpleName();
              }
            })
        .openapi31(true);
  }

  /** Enums by their names in JSON. */
  @Bean
  ModelConverter constants() {
    return (type, context, chain) -> {
      JavaType known = Json.mapper().constructType(type.getType());
      if (known != null && known.isEnumType()) {
        Schema<Object> schema = new Schema<>();
        schema.addType("string");
        for (Object constant : known.getRawClass().getEnumConstants()) {
          schema.addEnumItemObject(TextValues.text((Enum<?>) constant));
        }
        return schema;
      }
      return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    };
  }

  @Bean
  GlobalOperationCustomizer rolesAndProblems() {
    return (operation, handler) -> {
      operation.setTags(List.of(operation.getOperationId().replaceFirst("\\..*", "")));
      Needs needs = handler.getMethodAnnotation(Needs.class);
      if (needs != null) {
        operation.addSecurityItem(
            new SecurityRequirement().addList("apiKey", needs.value().text()));
        response(operation, "401", "The key is missing, expired or revoked");
        response(operation, "403", "The key's role may not do that");
      }
      for (AnnotatedElement says : List.of(handler.getMethod(), handler.getBeanType())) {
        for (Fails fails :
            AnnotatedElementUtils.getMergedRepeatableAnnotations(says, Fails.class)) {
          response(operation, String.valueOf(fails.status()), fails.when());
        }
      }
      if (takesInput(handler)) {
        response(operation, "400", "A value is wrong; the problem names it in field");
      }
      for (Parameter parameter : parameters(operation)) {
        defaultAsWritten(parameter.getSchema());
        if ("path".equals(parameter.getIn())) {
          response(operation, "404", "There is none of that id");
        }
      }
      if (operation.getRequestBody() != null) {
        response(operation, "413", "The body, or a part of it, is larger than is taken");
      }
      operation.getResponses().values().forEach(OpenApiConfiguration::textIfNothingElse);
      response(operation, "default", "Whatever else went wrong");
      if (needs != null) { // health answers 503 with what is down
        operation.getResponses().forEach(OpenApiConfiguration::problemIfFailed);
      }
      return operation;
    };
  }

  private static List<Parameter> parameters(Operation operation) {
    return operation.getParameters() == null ? List.of() : operation.getParameters();
  }

  /** springdoc gives the constant's name. */
  private static void defaultAsWritten(Schema<?> schema) {
    if (schema.getEnum() != null && schema.getDefault() != null) {
      String name = String.valueOf(schema.getDefault());
      schema.getEnum().stream()
          .map(String::valueOf)
          .filter(written -> written.equalsIgnoreCase(name.replace('_', '-')))
          .forEach(schema::setDefault);
    }
  }

  private static boolean takesInput(HandlerMethod handler) {
    return handler.getMethodParameters().length > 0;
  }

  private static void response(Operation operation, String code, String description) {
    if (!operation.getResponses().containsKey(code)) {
      operation.getResponses().addApiResponse(code, new ApiResponse().description(description));
    }
  }

  /** Of streams of events and of files springdoc knows the media type alone. */
  private static void textIfNothingElse(ApiResponse response) {
    if (response.getContent() != null) {
      response
          .getContent()
          .values()
          .forEach(
              media ->
                  media.schema(media.getSchema() == null ? text("string") : media.getSchema()));
    }
  }

  private static void problemIfFailed(String code, ApiResponse response) {
    if (!code.startsWith("2")) {
      response.setContent(
          new Content()
              .addMediaType(
                  Problem.MEDIA_TYPE,
                  new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
    }
  }

  private static Schema<?> problem() {
    Schema<Object> problem = new Schema<>();
    problem.addType("object");
    problem.setDescription("RFC 9457. Further members name what it is about, such as a run.");
    problem.setRequired(List.of("type", "title", "status", "detail"));
    for (String text : List.of("type", "title", "detail", "traceId", "field")) {
      problem.addProperty(text, text("string"));
    }
    problem.addProperty("status", text("integer"));
    return problem;
  }

  private static Schema<?> text(String type) {
    Schema<Object> schema = new Schema<>();
    schema.addType(type);
    return schema;
  }
}
