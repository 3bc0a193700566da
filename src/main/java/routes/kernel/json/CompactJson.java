package routes.kernel.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.io.StringWriter;

/**
 * A JSON value as it is stored: the text that was sent, without its blanks, numbers with the digits
 * they were sent with. It goes from token to token, with no tree between.
 */
@JsonDeserialize(using = CompactJson.Reader.class)
@Schema(
    description = "Any JSON value",
    types = {"object", "array", "string", "number", "boolean", "null"})
public record CompactJson(@Schema(hidden = true) String text) {

  public boolean holdsObject() {
    return text.charAt(0) == '{';
  }

  /** Without the value, which may be somebody's secret. */
  @Override
  public String toString() {
    return "JsonText[…]";
  }

  static final class Reader extends StdDeserializer<CompactJson> {
    private static final long serialVersionUID = 1L;
    private static final CompactJson NULL = new CompactJson("null");

    Reader() {
      super(CompactJson.class);
    }

    @Override
    public CompactJson deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      StringWriter text = new StringWriter();
      try (JsonGenerator generator = parser.getCodec().getFactory().createGenerator(text)) {
        generator.copyCurrentStructureExact(parser);
      }
      return new CompactJson(text.toString());
    }

    @Override
    public CompactJson getNullValue(DeserializationContext context) {
      return NULL;
    }

    /** That is null is one thing, that it is missing another. */
    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
