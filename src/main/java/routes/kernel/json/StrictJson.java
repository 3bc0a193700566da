package routes.kernel.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.TreeTraversingParser;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How JSON from outside is read: one value, no name twice, not nested too deep, and nothing in it
 * that a store would hold as something else ({@link UnstorableJsonException}).
 */
public final class StrictJson {

  /** Objects and lists in each other, at most. */
  public static final int DEEPEST = 32;

  /** What is wrong with JSON that Jackson's StreamConstraintsException refuses. */
  public static final String OUT_OF_BOUNDS =
      "is nested too deep, or holds a number or a name that is too long";

  /** Characters of one number, at most. */
  static final int LONGEST_NUMBER = 100;

  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private static final ObjectMapper MAPPER = mapper(new FitFactory(settings()));

  /** For a text of many rows, of which one may be unfit and the others are not. */
  private static final ObjectMapper LENIENT = mapper(settings().build());

  private static final ObjectWriter STORED =
      new ObjectMapper().writer().with(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

  private StrictJson() {}

  private static JsonFactoryBuilder settings() {
    return (JsonFactoryBuilder)
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(1_000)
                    .build());
  }

  private static ObjectMapper mapper(JsonFactory factory) {
    return new ObjectMapper(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // 1e308 keeps the digits it was sent with.
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  }

  /** A new one, to be configured further. */
  public static ObjectMapper records() {
    return mapper(new FitFactory(settings()));
  }

  /** Not to be configured further. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /**
   * As {@link #mapper}, but that values are taken that no store holds: each part of what it reads
   * is to be looked at ({@link #unfit}) before anything is made of it.
   */
  public static ObjectMapper unchecked() {
    return LENIENT;
  }

  /**
   * Reads what {@link #unchecked} reads. A number that not even a BigDecimal holds is refused here
   * as well: Jackson lets the NumberFormatException through.
   */
  public static JsonNode uncheckedTree(String text) throws JsonProcessingException {
    try {
      return LENIENT.readTree(text);
    } catch (NumberFormatException e) {
      throw new UnstorableJsonException("", UnstorableJsonException.EXPONENT);
    }
  }

  /**
   * Text of bytes that must be UTF-8. Jackson would take UTF-16 as well, overlong forms, and halves
   * of surrogate pairs.
   *
   * @throws CharConversionException when they are not
   */
  public static String text(byte[] bytes) throws CharConversionException {
    try {
      String text = new String(bytes, StandardCharsets.UTF_8); // much faster than a decoder
      if (text.indexOf('\ufffd') >= 0) { // was sent, or stands for what is no UTF-8
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
      return text.startsWith("\ufeff") ? text.substring(1) : text; // some editors begin with it
    } catch (CharacterCodingException e) {
      throw new CharConversionException("not UTF-8");
    }
  }

  /**
   * Reads a JSON object; what it holds is text, numbers, booleans, lists and maps.
   *
   * @throws JsonProcessingException when it is none
   */
  public static Map<String, Object> object(String text) throws JsonProcessingException {
    Map<String, Object> object = MAPPER.readValue(text, OBJECT);
    if (object == null) { // "null" is JSON, too
      throw MismatchedInputException.from((JsonParser) null, Map.class, "it is null");
    }
    return object;
  }

  /** Where a parser is, such as {@code events[0].data}. */
  public static String path(JsonParser parser) {
    return StorableJsonParser.path(parser.getParsingContext());
  }

  /** What of a value no store holds as it was sent; what {@link #mapper} read has none. */
  public static Optional<UnstorableJsonException> unfit(JsonNode value) {
    try (JsonParser parser = new StorableJsonParser(new TreeTraversingParser(value))) {
      while (parser.nextToken() != null) {
        // each is looked at as it passes
      }
      return Optional.empty();
    } catch (UnstorableJsonException e) {
      return Optional.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a tree needs no input
    }
  }

  /** Whether a text of it, or a name, holds a NUL character, which PostgreSQL's text cannot. */
  public static boolean holdsNul(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue().indexOf('\0') >= 0;
    }
    for (var member : value.properties()) {
      if (member.getKey().indexOf('\0') >= 0) {
        return true;
      }
    }
    for (JsonNode each : value) {
      if (holdsNul(each)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Bytes of a value's text as PostgreSQL writes jsonb, but for its blanks: numbers without
   * exponents.
   *
   * @param value anything that Jackson writes and {@link #mapper} would read
   */
  public static long storedBytes(Object value) {
    Count count = new Count();
    try {
      STORED.writeValue(count, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // counting needs no output
    }
    return count.bytes;
  }

  private static final class Count extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int count) {
      bytes += count;
    }
  }

  private static final class FitFactory extends JsonFactory {
    private static final long serialVersionUID = 1L;

    private FitFactory(JsonFactoryBuilder settings) {
      super(settings);
    }

    @Override
    protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
      return new StorableJsonParser(super._createParser(in, context));
    }

    @Override
    protected JsonParser _createParser(Reader in, IOContext context) throws IOException {
      return new StorableJsonParser(super._createParser(in, context));
    }

    @Override
    protected JsonParser _createParser(
        char[] text, int offset, int length, IOContext context, boolean recyclable)
        throws IOException {
      return new StorableJsonParser(super._createParser(text, offset, length, context, recyclable));
    }

    @Override
    protected JsonParser _createParser(byte[] text, int offset, int length, IOContext context)
        throws IOException {
      return new StorableJsonParser(super._createParser(text, offset, length, context));
    }
  }
}
