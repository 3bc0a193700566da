package routes.docs;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.unit.DataSize;

/**
 * {@code docs/configuration.md}, made from the typed records: their components are the keys, their
 * Javadoc says what each means, {@code application.yaml} or {@link DefaultValue} what it is when
 * nothing is set.
 */
final class ConfigurationPage {

  private static final Pattern PARAM =
      Pattern.compile("@param (\\w+)\\s+(.*?)(?=\\s@\\w+ |$)", Pattern.DOTALL);

  private final Map<String, Object> shipped = new TreeMap<>();
  private final Map<String, String> rows = new LinkedHashMap<>();

  /** The page, as it should be. */
  static String text() throws Exception {
    return new ConfigurationPage().page();
  }

  /** Keys of {@code application.yaml}. */
  static Set<String> shipped() throws IOException {
    return settings().keySet();
  }

  private static Map<String, Object> settings() throws IOException {
    Map<String, Object> settings = new TreeMap<>();
    for (var source :
        new YamlPropertySourceLoader().load("hub", new ClassPathResource("application.yaml"))) {
      EnumerablePropertySource<?> keys = (EnumerablePropertySource<?>) source;
      Stream.of(keys.getPropertyNames()).forEach(key -> settings.put(key, keys.getProperty(key)));
    }
    return settings;
  }

  private String page() throws Exception {
    shipped.putAll(settings());
    StringBuilder text =
        new StringBuilder(
            """
            # Configuration

            Every key of `hub.*`, made from the code that reads it (enforced by: `ConfigurationPageTest`).
            Set a key in a file (`--spring.config.additional-location=…`), by environment (`HUB_DATABASE_URL` is
            `hub.database.url`), or, if it is a secret, by a file named like the key in the folder `HUB_SECRETS_DIR`.
            A wrong value stops the hub at its start and is reported with its key; so does `./hub doctor`. Durations are
            written `500ms`, `10s`, `7d`; sizes `64KB`, `1MB`. `<name>` is a name of your own.
            """);
    for (Class<?> properties : records()) {
      rows.clear();
      String prefix = properties.getAnnotation(ConfigurationProperties.class).value();
      Map<String, String> doc = describe(properties, prefix);
      text.append("\n## ")
          .append(title(properties, prefix))
          .append("\n\n")
          .append(doc.getOrDefault("", ""))
          .append("\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
      rows.values().forEach(row -> text.append(row).append('\n'));
    }
    return text.toString();
  }

  /** Records of {@code hub} itself are named for what they hold: {@code hub.sources, …}. */
  private static String title(Class<?> properties, String prefix) {
    return prefix.equals("hub")
        ? Stream.of(properties.getRecordComponents())
            .map(each -> "hub." + kebab(each.getName()))
            .collect(Collectors.joining(", "))
        : prefix;
  }

  private static List<Class<?>> records() throws ClassNotFoundException {
    var scan = new ClassPathScanningCandidateComponentProvider(false);
    scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    List<Class<?>> found = new java.util.ArrayList<>();
    for (var each : scan.findCandidateComponents("routes")) {
      Class<?> type = Class.forName(each.getBeanClassName());
      if (source(type).isPresent()) {
        found.add(type);
      }
    }
    found.sort(Comparator.comparing(type -> title(type, prefix(type))));
    return found;
  }

  private static String prefix(Class<?> type) {
    return type.getAnnotation(ConfigurationProperties.class).value();
  }

  /** Adds a row for each key below a prefix; what the record's Javadoc says, by component. */
  private Map<String, String> describe(Class<?> type, String prefix) {
    Map<String, String> doc = javadoc(type);
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + "." + kebab(component.getName());
      String meaning = doc.getOrDefault(component.getName(), "");
      if (meaning.isEmpty() && key.contains(".<name>.")) {
        String all = key.replaceFirst("\\.\\w+\\.<name>", "");
        meaning = rows.containsKey(all) ? "as `" + all + "`, for this one" : "";
      }
      Type value = component.getGenericType();
      if (value instanceof ParameterizedType map && map.getRawType() == Map.class) {
        value = map.getActualTypeArguments()[1];
        key += ".<name>";
      }
      Class<?> plain = value instanceof Class<?> simple ? simple : null;
      if (plain != null && plain.isRecord() && source(plain).isPresent()) {
        int before = rows.size();
        describe(plain, key);
        if (rows.size() > before) {
          continue;
        }
      }
      String at = key;
      rows.put(
          key,
          "| `%s` | %s | %s | %s |"
              .formatted(key, type(value), initial(at, component), cell(meaning)));
    }
    return doc;
  }

  private String initial(String key, RecordComponent component) {
    Object set = shipped.get(key);
    if (set != null && !set.toString().isEmpty()) {
      return "`" + set + "`";
    }
    DefaultValue initial = annotation(component);
    return initial == null || initial.value().length == 0 || initial.value()[0].isEmpty()
        ? "–"
        : "`" + String.join(", ", initial.value()) + "`";
  }

  /** Of the constructor's parameter: the annotation does not reach the component. */
  private static DefaultValue annotation(RecordComponent component) {
    Class<?> type = component.getDeclaringRecord();
    RecordComponent[] all = type.getRecordComponents();
    try {
      var constructor =
          type.getDeclaredConstructor(
              Stream.of(all).map(RecordComponent::getType).toArray(Class<?>[]::new));
      for (int i = 0; i < all.length; i++) {
        if (all[i].getName().equals(component.getName())) {
          return constructor.getParameters()[i].getAnnotation(DefaultValue.class);
        }
      }
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
    return null;
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType many) {
      Type of = many.getActualTypeArguments()[0];
      return Collection.class.isAssignableFrom((Class<?>) many.getRawType())
          ? "list of " + type(of)
          : type(of);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return Stream.of(plain.getEnumConstants())
          .map(each -> "`" + each.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
          .collect(Collectors.joining(", "));
    }
    if (plain == int.class || plain == Integer.class || plain == long.class) {
      return "whole number";
    }
    if (plain == double.class || plain == Double.class) {
      return "number";
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return "true or false";
    }
    return Map.of(
            Duration.class, "duration",
            DataSize.class, "size",
            ZoneId.class, "time zone",
            URI.class, "URL",
            Path.class, "path")
        .getOrDefault(plain, "text");
  }

  /** The Javadoc of a record: of each component by its name, and of the record by "". */
  private static Map<String, String> javadoc(Class<?> type) {
    Map<String, String> doc = new TreeMap<>();
    Matcher found =
        Pattern.compile(
                "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:(?:public|static|private) )*record "
                    + type.getSimpleName()
                    + "\\b",
                Pattern.DOTALL)
            .matcher(source(type).orElseThrow());
    if (!found.find()) {
      return doc;
    }
    String plain = plain(found.group(1));
    int params = plain.indexOf("@param");
    doc.put("", params < 0 ? plain : plain.substring(0, params).strip());
    Matcher param = PARAM.matcher(plain);
    while (param.find()) {
      doc.put(param.group(1), param.group(2).strip());
    }
    return doc;
  }

  private static String plain(String javadoc) {
    return javadoc
        .replaceAll("\\s*\\n\\s*\\* ?", " ")
        .replaceAll("\\{@(?:code|value)\\s+([^{}]*(?:\\{[^{}]*\\}[^{}]*)*)\\}", "`$1`")
        .replaceAll("\\{@link(?:plain)? #?([^{} ]+)(?: ([^{}]*))?\\}", "`$1`")
        .replaceAll("</?(?:p|ul|li|pre|b|i)>|<a [^>]*>|</a>", " ")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static Optional<String> source(Class<?> type) {
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    Path file = Path.of("src/main/java", outer.getName().replace('.', '/') + ".java");
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
