package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The repository's JSON: UTF-8, fields in their declared order, instants as ISO-8601 in UTC. */
public final class RepositoryJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          // A later version of the same format may add fields.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RepositoryJson() {}

  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  public static <T> T read(String key, byte[] json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new CorruptManifestException(key, e.getMessage(), e);
    }
  }

  public static JsonNode tree(String key, byte[] json) {
    return read(key, json, JsonNode.class);
  }

  /**
   * Refuses a newer format before its fields are looked at, since these may mean something else.
   *
   * @param newest highest {@code format} that is understood
   */
  public static void checkFormat(String key, byte[] json, int newest) {
    int format = format(key, json);
    if (format > newest) {
      throw new ForeignRepositoryException(
          key + " has format " + format + ", this hub reads up to " + newest + ": update the hub");
    }
  }

  private static int format(String key, byte[] json) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("format")) {
          return parser.getIntValue();
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw new CorruptManifestException(key, e.getMessage(), e);
    }
    throw new CorruptManifestException(key, "it has no 'format'");
  }
}
