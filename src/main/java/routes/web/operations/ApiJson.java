package routes.web.operations;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.CharConversionException;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractGenericHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotWritableException;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.kernel.json.UnstorableJsonException;

/**
 * Bodies of operations: JSON of one strict form becomes a record, or the field that is wrong is
 * named; a record becomes JSON of a known length, which spares the server two writes.
 */
public final class ApiJson extends AbstractGenericHttpMessageConverter<Object> {

  private static final ObjectMapper STRICT = strict();

  private final ObjectMapper writes;

  /**
   * @param writes how records go out
   */
  ApiJson(ObjectMapper writes) {
    super(MediaType.APPLICATION_JSON, new MediaType("application", "*+json"));
    this.writes = writes;
  }

  private static ObjectMapper strict() {
    SimpleModule values = new SimpleModule();
    values.setDeserializers(new Constants());
    TextValues.PARSERS.forEach(
        (type, parse) -> {
          if (!Number.class.isAssignableFrom(type) && type != Boolean.class) {
            add(values, type, parse);
          }
        });
    ObjectMapper mapper =
        StrictJson.records()
            // Left out is null, and null is an empty Optional: for whom it is not the same.
            .registerModule(new Jdk8Module().configureReadAbsentAsNull(true))
            .registerModule(values)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // 1.50 stays 1.50.
            .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
    // Each is taken from its own kind of JSON value, but a decimal from a whole number, too.
    refuse(
        mapper,
        LogicalType.Textual,
        CoercionInputShape.Integer,
        CoercionInputShape.Float,
        CoercionInputShape.Boolean);
    refuse(
        mapper,
        LogicalType.Boolean,
        CoercionInputShape.Integer,
        CoercionInputShape.Float,
        CoercionInputShape.String,
        CoercionInputShape.EmptyString);
    refuse(
        mapper,
        LogicalType.Integer,
        CoercionInputShape.Float,
        CoercionInputShape.Boolean,
        CoercionInputShape.String,
        CoercionInputShape.EmptyString);
    refuse(
        mapper,
        LogicalType.Float,
        CoercionInputShape.Boolean,
        CoercionInputShape.String,
        CoercionInputShape.EmptyString);
    return mapper;
  }

  private static void refuse(ObjectMapper mapper, LogicalType type, CoercionInputShape... shapes) {
    for (CoercionInputShape shape : shapes) {
      mapper.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
    }
  }

  @SuppressWarnings("unchecked") // as PARSERS pairs them
  private static <T> void add(SimpleModule module, Class<T> type, Function<String, ?> parse) {
    module.addDeserializer(type, new Text<>(type, (Function<String, T>) parse));
  }

  @Override
  protected boolean supports(Class<?> type) {
    return true;
  }

  /** Of any media type: what does not fit is refused by name, with the reason. */
  @Override
  public boolean canRead(Type type, Class<?> context, MediaType mediaType) {
    return true;
  }

  @Override
  protected Object readInternal(Class<?> type, HttpInputMessage input) throws IOException {
    return read(type, null, input);
  }

  @Override
  public Object read(Type type, Class<?> context, HttpInputMessage input) throws IOException {
    byte[] body =
        input instanceof BodyGate.Read read ? read.bytes() : input.getBody().readAllBytes();
    String contentType = input.getHeaders().getFirst("Content-Type");
    return type == RawBody.class ? RawBody.of(contentType, body) : read(body, contentType, type);
  }

  /**
   * @param contentType as sent, or null
   * @throws HttpException 415 when it is not JSON by its media type
   * @throws InvalidInputException when it is no JSON, or not what the type says, naming the field
   */
  public static <T> T read(byte[] body, String contentType, Type type) throws IOException {
    if (!isJson(contentType)) {
      throw notJson();
    }
    try {
      T value = STRICT.readValue(StrictJson.text(body), STRICT.constructType(type));
      if (value == null) {
        throw new InvalidInputException("body", "must be a JSON object");
      }
      return value;
    } catch (UnstorableJsonException e) {
      throw e.asInvalidInput();
    } catch (StreamConstraintsException e) {
      throw new InvalidInputException("body", StrictJson.OUT_OF_BOUNDS);
    } catch (JsonProcessingException e) {
      throw JsonRefusals.of(e);
    } catch (CharConversionException e) {
      throw new InvalidInputException("body", "is not UTF-8");
    }
  }

  /** Text of a body that must be UTF-8. */
  public static String text(byte[] body) {
    try {
      return StrictJson.text(body);
    } catch (CharConversionException e) {
      throw new InvalidInputException("body", "is not UTF-8");
    }
  }

  public static HttpException notJson() {
    return new HttpException(
        415,
        "Unsupported media type",
        "Content-Type: must be application/json (UTF-8)",
        Map.of("field", "Content-Type"));
  }

  private static boolean isJson(String contentType) {
    try {
      if (contentType == null) {
        return false;
      }
      MediaType type = MediaType.parseMediaType(contentType);
      return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
          && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  @Override
  protected void writeInternal(Object value, Type type, HttpOutputMessage output)
      throws IOException {
    byte[] bytes;
    try {
      bytes = writes.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new HttpMessageNotWritableException("an answer could not be written", e);
    }
    output.getHeaders().setContentLength(bytes.length);
    output.getBody().write(bytes);
  }

  /** Enums by their names in JSON. */
  private static final class Constants extends SimpleDeserializers {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // it is the enum's parser
    public JsonDeserializer<?> findEnumDeserializer(
        Class<?> type, DeserializationConfig config, BeanDescription description) {
      return new Text(type, TextValues.parser(type));
    }
  }

  /** A string of one form. */
  private static final class Text<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, T> parse;

    private Text(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        context.handleUnexpectedToken(_valueClass, parser);
      }
      try {
        return parse.apply(parser.getText());
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(parser, e.getMessage(), e);
      }
    }
  }
}
