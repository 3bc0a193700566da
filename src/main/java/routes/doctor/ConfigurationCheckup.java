package routes.doctor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.Failures;

/** Whether every key is valid, and whether a key is one the hub knows: a typo is silent. */
@Order(10)
record ConfigurationCheckup(ListableBeanFactory beans, ConfigurableEnvironment environment)
    implements Checkup {

  private static final String PACKAGED = "application.yaml";

  /** Read by {@code ./hub}, its tests and configuration files, not by the hub's own records. */
  private static final Set<String> BESIDE =
      Set.of(
          "HUB_URL",
          "HUB_API_KEY_FILE",
          "HUB_CA_FILE",
          "HUB_PATIENCE",
          "HUB_JAVA_OPTS",
          "HUB_SECRETS_DIR",
          "HUB_ALERTMANAGER",
          "HUB_PROMTOOL",
          "HUB_AMTOOL");

  /** What begins so is {@code ./hub}'s, Alertmanager's and the stand-ins' own. */
  private static final Pattern FAMILIES = Pattern.compile("HUB_(REAL|ALERT|DEV_SERVICES)_\\w+");

  @Override
  public List<Check> checks() {
    return List.of(new Check("configuration", this::tell));
  }

  private void tell(Findings findings) {
    Set<String> known = new LinkedHashSet<>();
    int wrong = 0;
    for (String bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
      Class<?> type = beans.getType(bean);
      if (type == null || !type.getName().startsWith("routes.")) {
        continue;
      }
      known.addAll(bound(type));
      try {
        beans.getBean(bean);
      } catch (BeansException e) {
        wrong++;
        findings.fail(reason(e), "what depends on it was not checked");
      }
    }
    for (String key : unknown(known)) {
      findings.warn("the hub knows no key " + key, "see application.yaml for the names");
    }
    if (wrong == 0) {
      findings.ok("all configuration keys are valid");
    }
  }

  /** Keys this type takes from what is set, however they are spelled. */
  private Set<String> bound(Class<?> type) {
    Set<String> names = new LinkedHashSet<>();
    BindHandler noting =
        new BindHandler() {
          @Override
          public Object onSuccess(
              ConfigurationPropertyName name,
              Bindable<?> target,
              BindContext context,
              Object result) {
            names.add(plain(name.toString()));
            return result;
          }

          @Override
          public Object onFailure(
              ConfigurationPropertyName name,
              Bindable<?> target,
              BindContext context,
              Exception error) {
            // It is known, only wrong, which the bean's own binding tells.
            names.add(plain(name.toString()));
            return null;
          }
        };
    String prefix =
        MergedAnnotations.from(type).get(ConfigurationProperties.class).getString("value");
    Binder.get(environment).bindOrCreate(prefix, Bindable.of(type), noting);
    return names;
  }

  private Set<String> unknown(Set<String> bound) {
    Set<String> known = new LinkedHashSet<>(bound);
    Set<String> set = new TreeSet<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> listed) {
        for (String key : listed.getPropertyNames()) {
          if (source.getName().contains(PACKAGED)) {
            known.add(plain(key));
          } else if (key.startsWith("hub.") || key.startsWith("HUB_") && !isBeside(key)) {
            set.add(key);
          }
        }
      }
    }
    set.removeIf(key -> known.contains(plain(key)) || plain(key).startsWith("hubtest"));
    return set;
  }

  static boolean isBeside(String variable) {
    return BESIDE.contains(variable) || FAMILIES.matcher(variable).matches();
  }

  /** One spelling for {@code hub.backup.pg-bin}, {@code HUB_BACKUP_PGBIN}, {@code …_PG_BIN}. */
  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static String reason(BeansException failure) {
    BindValidationException invalid = Failures.find(failure, BindValidationException.class);
    if (invalid != null) {
      String prefix = invalid.getValidationErrors().getName().toString();
      return String.join(
          "; ",
          invalid.getValidationErrors().getAllErrors().stream()
              .map(error -> rejected(prefix, error))
              .toList());
    }
    String message = String.valueOf(Failures.root(failure).getMessage());
    BindException bind = Failures.find(failure, BindException.class);
    String key = bind == null ? "" : bind.getName().toString();
    return message.startsWith("hub.") || key.isEmpty() ? message : key + ": " + message;
  }

  private static String rejected(String prefix, ObjectError error) {
    return error instanceof FieldError field
        ? prefix + "." + field.getField() + " " + field.getDefaultMessage()
        : prefix + " " + error.getDefaultMessage();
  }
}
