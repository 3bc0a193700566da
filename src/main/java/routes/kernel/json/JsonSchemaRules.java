package routes.kernel.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a JSON value must look like: a JSON Schema 2020-12. A schema stands for itself: it refers to
 * nothing but its own parts, so that nothing is fetched, from the network or a file, for what a
 * message or a schema says.
 */
public final class JsonSchemaRules {

  private static final int LONGEST = 200;

  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(
          VersionFlag.V202012,
          builder ->
              builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          .failFast(true)
          .formatAssertionsEnabled(true)
          .locale(Locale.ROOT)
          .pathType(PathType.JSON_POINTER)
          .build();

  private final JsonSchema schema;

  private JsonSchemaRules(JsonNode schema) {
    this.schema = FACTORY.getSchema(schema, CONFIG);
    this.schema.initializeValidators();
  }

  /**
   * Reads a schema.
   *
   * @param place {@code classpath:schemas/….json}, or the path of a file
   * @param key where the place is configured, for the message
   * @throws IllegalArgumentException naming the key, when there is none or it is none
   */
  public static JsonSchemaRules load(String place, String key) {
    try {
      return of(schema(place));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          key + ": " + place + " is not a usable JSON schema: " + e.getMessage(), e);
    }
  }

  /** The text of a schema, as {@link #load} reads it. */
  public static JsonNode schema(String place) {
    try {
      JsonNode schema = StrictJson.mapper().readTree(read(place));
      if (schema == null || !schema.isObject()) {
        throw new IllegalArgumentException("it is not a JSON object");
      }
      return schema;
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * @throws IllegalArgumentException when it refers to something outside of itself
   */
  static JsonSchemaRules of(JsonNode schema) {
    refuseOutside(schema);
    return new JsonSchemaRules(schema);
  }

  private static void refuseOutside(JsonNode at) {
    for (var field : at.properties()) {
      boolean refers = field.getKey().equals("$ref") || field.getKey().equals("$dynamicRef");
      if (refers && field.getValue().isTextual() && !field.getValue().asText().startsWith("#")) {
        throw new IllegalArgumentException(
            field.getKey() + " may refer to parts of the same schema only, such as #/$defs/row");
      }
    }
    at.forEach(JsonSchemaRules::refuseOutside);
  }

  private static byte[] read(String place) throws IOException {
    if (!place.startsWith("classpath:")) {
      return Files.readAllBytes(Path.of(place));
    }
    String path = place.substring("classpath:".length());
    try (InputStream in = JsonSchemaRules.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("there is none on the class path");
      }
      return in.readAllBytes();
    }
  }

  /**
   * The first rule that a value breaks: where, and which. Never the value itself, which may be
   * somebody's secret.
   */
  public Optional<String> broken(JsonNode value) {
    return schema.validate(value).stream().findFirst().map(JsonSchemaRules::describe);
  }

  /** Names of the properties that the schema tells of, in its order. */
  public List<String> properties() {
    List<String> names = new ArrayList<>();
    schema.getSchemaNode().path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String describe(ValidationMessage broken) {
    String path = broken.getInstanceLocation().toString();
    String property = broken.getProperty() == null ? "" : " '" + broken.getProperty() + "'";
    String rule = broken.getType() + property;
    JsonNode wanted = broken.getSchemaNode();
    String said =
        wanted == null || wanted.isObject() || wanted.isArray() && !property.isEmpty()
            ? ""
            : " " + wanted;
    return shortened(path.isEmpty() ? "/" : path) + " breaks " + shortened(rule + said);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
