package routes.web.operations;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.util.ClassUtils;
import routes.kernel.errors.Failures;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.kernel.json.UnstorableJsonException;

/** What Jackson says of a body that it cannot take, as the field and what it must be. */
final class JsonRefusals {

  private static final Pattern DUPLICATE =
      Pattern.compile("^Duplicate field '(.*)'", Pattern.DOTALL);

  private JsonRefusals() {}

  /** An {@link InvalidInputException}, unless it is our own fault. */
  static RuntimeException of(JsonProcessingException e) {
    if (e instanceof JsonMappingException mapping) {
      return of(mapping);
    }
    InvalidInputException twice = twice(e);
    return twice != null
        ? twice
        : new InvalidInputException("body", "is not JSON" + where(e.getLocation()));
  }

  /** Null: no name is given twice. */
  private static InvalidInputException twice(JsonProcessingException e) {
    Matcher duplicate = DUPLICATE.matcher(e.getOriginalMessage());
    return duplicate.find()
        ? new InvalidInputException(duplicate.group(1), "is given twice" + where(e.getLocation()))
        : null;
  }

  private static RuntimeException of(JsonMappingException e) {
    String path = path(e.getPath());
    InvalidInputException refused = Failures.find(e, InvalidInputException.class);
    if (refused != null) {
      return refused; // by the record itself
    }
    UnstorableJsonException unfit = Failures.find(e, UnstorableJsonException.class);
    if (unfit != null) {
      return unfit.asInvalidInput();
    }
    if (Failures.find(e, StreamConstraintsException.class) != null) {
      return new InvalidInputException("body", StrictJson.OUT_OF_BOUNDS);
    }
    InvalidInputException twice = twice(e);
    if (twice != null) {
      return twice;
    }
    if (e instanceof PropertyBindingException unknown) {
      Collection<Object> known = unknown.getKnownPropertyIds();
      return new InvalidInputException(
          path,
          known == null || known.isEmpty()
              ? "is not taken"
              : "is not taken here; known are "
                  + known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ")));
    }
    if (e.getMessage().startsWith("Trailing token")) {
      return new InvalidInputException(
          "body", "holds more than one JSON value" + where(e.getLocation()));
    }
    String field = path.isEmpty() ? "body" : path;
    if (e.getCause() instanceof JsonProcessingException broken
        && !(broken instanceof JsonMappingException)) {
      return new InvalidInputException("body", "is not JSON" + where(broken.getLocation()));
    }
    if (e.getCause() instanceof IllegalArgumentException wrong && wrong.getMessage() != null) {
      return new InvalidInputException(field, wrong.getMessage());
    }
    if (e instanceof MismatchedInputException mismatch) {
      return new InvalidInputException(field, "must be " + described(mismatch.getTargetType()));
    }
    return new IllegalStateException("a request could not be read", e);
  }

  private static String described(Class<?> type) {
    Class<?> target = type == null ? Object.class : ClassUtils.resolvePrimitiveIfNecessary(type);
    if (target == String.class || TextValues.PARSERS.containsKey(target) && !isScalar(target)) {
      return "a string";
    }
    if (target == Boolean.class) {
      return "true or false";
    }
    if (target == Integer.class || target == Long.class) {
      return "a whole number" + (target == Integer.class ? " of at most 2147483647" : "");
    }
    if (Number.class.isAssignableFrom(target)) {
      return "a number";
    }
    if (target.isEnum()) {
      return "one of "
          + Arrays.stream(target.getEnumConstants())
              .map(constant -> TextValues.text((Enum<?>) constant))
              .collect(Collectors.joining(", "));
    }
    return Collection.class.isAssignableFrom(target) || target.isArray()
        ? "a list"
        : "a JSON object";
  }

  private static boolean isScalar(Class<?> type) {
    return Number.class.isAssignableFrom(type) || type == Boolean.class;
  }

  /** Such as {@code events[0].data}. */
  private static String path(List<JsonMappingException.Reference> path) {
    StringBuilder text = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() == null) {
        text.append('[').append(step.getIndex()).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return text.toString();
  }

  private static String where(JsonLocation at) {
    return at == null
        ? ""
        : ", see line " + at.getLineNr() + ", column " + Math.max(1, at.getColumnNr());
  }
}
