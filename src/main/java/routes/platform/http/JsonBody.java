package routes.platform.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import routes.platform.error.HttpException;
import routes.platform.error.InvalidInputException;
import routes.platform.json.StrictJson;
import routes.platform.json.UnfitJsonException;

/**
 * A request's body: one JSON object of at most {@value #MOST_BYTES} bytes, or as many as the
 * contract says of its operation; or nothing.
 */
final class JsonBody {

  /** Largest body of an operation that says nothing else. */
  static final int MOST_BYTES = 1 << 20;

  /** … and of one that does: what is read is held several times over while it is worked on. */
  static final int LARGEST_BYTES = 8 << 20;

  private static final Pattern DUPLICATE =
      Pattern.compile("^Duplicate field '(.*)'", Pattern.DOTALL);
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private static final ObjectMapper STRICT = StrictJson.mapper();

  private JsonBody() {}

  /**
   * @param contentType as sent, or null
   * @return the object; empty for an empty body
   * @throws HttpException 415 when there is a body of another media type
   * @throws InvalidInputException when it is not one JSON object, with line and column
   */
  static Map<String, Object> read(byte[] body, String contentType) throws IOException {
    if (body.length == 0) {
      return Map.of();
    }
    if (!isJson(contentType)) {
      throw new HttpException(
          415,
          "Unsupported media type",
          "Content-Type: must be application/json (UTF-8)",
          Map.of("field", "Content-Type"));
    }
    return parse(body);
  }

  private static boolean isJson(String contentType) {
    try {
      if (contentType == null) {
        return false;
      }
      MediaType type = MediaType.parseMediaType(contentType);
      return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
          && (type.getCharset() == null
              || type.getCharset().equals(java.nio.charset.StandardCharsets.UTF_8));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static Map<String, Object> parse(byte[] body) throws IOException {
    try {
      Map<String, Object> object = STRICT.readValue(StrictJson.text(body), OBJECT);
      if (object == null) {
        throw invalid("must be a JSON object");
      }
      return object;
    } catch (UnfitJsonException e) {
      throw e.asInvalidInput();
    } catch (StreamConstraintsException e) {
      throw invalid(StrictJson.OUT_OF_BOUNDS);
    } catch (MismatchedInputException e) {
      throw e.getMessage().startsWith("Trailing token")
          ? invalid("holds more than one JSON value" + where(e.getLocation()))
          : invalid("must be a JSON object");
    } catch (JsonProcessingException e) {
      Matcher duplicate = DUPLICATE.matcher(e.getOriginalMessage());
      if (duplicate.find()) {
        throw new InvalidInputException(
            duplicate.group(1), "is given twice" + where(e.getLocation()));
      }
      throw invalid("is not JSON" + where(e.getLocation()));
    } catch (CharConversionException e) {
      throw invalid("is not UTF-8");
    }
  }

  private static String where(JsonLocation at) {
    return at == null
        ? ""
        : ", see line " + at.getLineNr() + ", column " + Math.max(1, at.getColumnNr());
  }

  private static InvalidInputException invalid(String detail) {
    return new InvalidInputException("body", detail);
  }
}
