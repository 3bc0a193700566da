package routes.jobs.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.util.List;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.stereotype.Component;
import routes.jobs.Job;
import routes.jobs.JobCatalogue;
import routes.jobs.Parameter;

/**
 * Describes each job as a path of its own, with its parameters: the operation that runs any job
 * takes an object, of which no generated client knows what may stand in it.
 */
@Component
record JobSchemas(JobCatalogue jobs) implements GlobalOpenApiCustomizer {

  private static final String ANY = "/api/jobs/{job}/runs";

  @Override
  public void customise(OpenAPI api) {
    Operation any = api.getPaths().get(ANY).getPost();
    for (Job<?> job : jobs.all()) {
      api.getPaths()
          .addPathItem(ANY.replace("{job}", job.id()), new PathItem().post(operation(job, any)));
    }
  }

  private Operation operation(Job<?> job, Operation any) {
    Schema<?> schema = schema(job);
    return new Operation()
        .operationId(any.getOperationId() + "." + job.id())
        .summary(job.description())
        .tags(any.getTags())
        .security(any.getSecurity())
        .responses(any.getResponses())
        .parameters(
            any.getParameters().stream().filter(one -> !one.getIn().equals("path")).toList())
        .requestBody(
            new RequestBody()
                .required(schema.getRequired() != null)
                .content(
                    new Content()
                        .addMediaType("application/json", new MediaType().schema(schema))));
  }

  private Schema<?> schema(Job<?> job) {
    Schema<Object> schema = typed("object");
    schema.setAdditionalProperties(false);
    List<String> required =
        job.parameters().stream().filter(Parameter::required).map(Parameter::name).toList();
    schema.setRequired(required.isEmpty() ? null : required);
    job.parameters().forEach(parameter -> schema.addProperty(parameter.name(), schema(parameter)));
    return schema;
  }

  private Schema<?> schema(Parameter parameter) {
    Schema<Object> schema =
        typed(parameter.typeName().equals("duration") ? "string" : parameter.typeName());
    schema.setDescription(parameter.description());
    if (parameter.fallback() != null) {
      schema.setDefault(parameter.fallback());
    }
    // A client that is generated here shall know the constants, and fit a hub with other names.
    if (!parameter.constants().isEmpty()) {
      schema.setEnum(List.copyOf(parameter.constants()));
    } else if (!jobs.choices(parameter).isEmpty()) {
      schema.setExamples(List.copyOf(jobs.choices(parameter)));
    }
    return schema;
  }

  private static Schema<Object> typed(String type) {
    Schema<Object> schema = new Schema<>();
    schema.addType(type);
    return schema;
  }
}
