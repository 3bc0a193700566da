package routes.jobs;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;
import routes.kernel.errors.InvalidInputException;
import routes.web.operations.TextValues;

/**
 * One typed parameter of a job, as its record declares it.
 *
 * @param name as written in JSON and in {@code ./hub run … name=value}
 * @param type of the component; of what an Optional holds
 * @param optional whether the component is an Optional
 * @param fallback what is taken when it is left out, as in JSON; null: none
 * @param description for people
 * @param oneOf key of the {@link ConfiguredNames} that it is one of; null: it is none
 */
public record Parameter(
    String name,
    Class<?> type,
    boolean optional,
    Object fallback,
    String description,
    String oneOf) {

  private static final int LONGEST = 1_000;

  /** In the order of the record. */
  static List<Parameter> of(Class<? extends Record> request) {
    RecordComponent[] components = request.getRecordComponents();
    // Spring's annotation is one of parameters, not of components.
    var inConstructor = constructor(request).getParameters();
    return IntStream.range(0, components.length)
        .mapToObj(i -> of(components[i], inConstructor[i].getAnnotation(DefaultValue.class)))
        .toList();
  }

  /** The one that takes all components. */
  static <R extends Record> Constructor<R> constructor(Class<R> request) {
    Class<?>[] types =
        Arrays.stream(request.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = request.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(request + " is not a record", e);
    }
  }

  private static Parameter of(RecordComponent component, DefaultValue fallback) {
    Param param = component.getAnnotation(Param.class);
    if (param == null) {
      throw new IllegalArgumentException(
          "%s.%s has no @Param, which says what it is"
              .formatted(component.getDeclaringRecord().getName(), component.getName()));
    }
    boolean optional = component.getType() == Optional.class;
    Class<?> type =
        optional
            ? (Class<?>)
                ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
            : component.getType();
    OneOf oneOf = component.getAnnotation(OneOf.class);
    Parameter without =
        new Parameter(
            component.getName(),
            ClassUtils.resolvePrimitiveIfNecessary(type),
            optional,
            null,
            param.value(),
            oneOf == null ? null : oneOf.value());
    return fallback == null ? without : without.orElse(fallback.value()[0]);
  }

  private Parameter orElse(String text) {
    Object value = text.isEmpty() ? text : inJson(text);
    return new Parameter(name, type, optional, value, description, oneOf);
  }

  public boolean required() {
    return !optional && fallback == null;
  }

  /** What it is in JSON, or {@code duration}, which is a string. */
  public String typeName() {
    if (type == Boolean.class) {
      return "boolean";
    }
    if (type == Duration.class) {
      return "duration";
    }
    return Number.class.isAssignableFrom(type) ? "integer" : "string";
  }

  /**
   * Reads a JSON value, or the text of a command line.
   *
   * @param names that {@link #oneOf} means; null when it is null
   * @return what is kept in the ledger: String, Long, Integer, Boolean, or null for none
   * @throws InvalidInputException naming {@code params.<name>}
   */
  Object read(Object value, ConfiguredNames names) {
    if (value == null || value.equals("")) {
      if (required()) {
        throw invalid("is required: " + description + (names == null ? "" : "; " + names.choice()));
      }
      return fallback;
    }
    if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
      throw invalid("must be " + (typeName().equals("integer") ? "an " : "a ") + typeName());
    }
    if (type == String.class && !(value instanceof String)) {
      throw invalid("must be a string");
    }
    String text = value.toString();
    if (text.length() > LONGEST || text.indexOf('\0') >= 0) {
      throw invalid("is longer than " + LONGEST + " characters, or has a NUL character");
    }
    if (names != null && !names.all().contains(text)) {
      throw invalid(names.missing(text));
    }
    return inJson(text);
  }

  private Object inJson(String text) {
    try {
      Object parsed = parse(text);
      if (parsed instanceof Number || parsed instanceof Boolean) {
        return parsed;
      }
      return type.isEnum() ? text : parsed.toString();
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
  }

  private Object parse(String text) {
    Function<String, ?> parser = TextValues.parser(type);
    return parser == null ? text : parser.apply(text);
  }

  /** What was read, as the record's constructor takes it. */
  Object value(Object read) {
    Object value = read == null || read.equals("") ? read : parse(read.toString());
    return optional ? Optional.ofNullable(value) : value;
  }

  /** The constants of an enum; empty for any other type. */
  public List<String> constants() {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants()).map(one -> TextValues.text((Enum<?>) one)).toList()
        : List.of();
  }

  private InvalidInputException invalid(String detail) {
    return new InvalidInputException("params." + name, detail);
  }
}
