package routes.jobs;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;

/** Every job of this hub, by id, and how its parameters are read. */
@Component
public class JobCatalogue {

  private static final Validator CONSTRAINTS =
      Validation.buildDefaultValidatorFactory().getValidator();

  // At first use: a job's work may need what needs the catalogue.
  private final SingletonSupplier<Map<String, Job<?>>> jobs;
  private final SingletonSupplier<Map<String, ConfiguredNames>> names;

  public JobCatalogue(ObjectProvider<Job<?>> jobs, ObjectProvider<ConfiguredNames> names) {
    this.names =
        SingletonSupplier.of(
            () ->
                names.stream()
                    .collect(Collectors.toMap(ConfiguredNames::key, Function.identity())));
    this.jobs = SingletonSupplier.of(() -> byId(jobs.stream().toList()));
  }

  private Map<String, Job<?>> byId(List<Job<?>> declared) {
    Map<String, Job<?>> all = new TreeMap<>();
    for (Job<?> job : declared) {
      if (all.put(job.id(), job) != null) {
        throw new IllegalStateException("two jobs are called " + job.id());
      }
      for (Parameter one : job.parameters()) {
        if (one.oneOf() != null && !names.obtain().containsKey(one.oneOf())) {
          throw new IllegalStateException(
              "%s: parameter %s is one of %s, which nothing declares"
                  .formatted(job.id(), one.name(), one.oneOf()));
        }
      }
    }
    return all;
  }

  /**
   * @throws NotFoundException when there is none
   */
  public Job<?> get(String id) {
    Job<?> job = jobs.obtain().get(id);
    if (job == null) {
      throw new NotFoundException("job", id, "see GET /api/jobs, or ./hub jobs");
    }
    return job;
  }

  public boolean has(String id) {
    return jobs.obtain().containsKey(id);
  }

  public Collection<Job<?>> all() {
    return jobs.obtain().values();
  }

  /** The values that a parameter may have; empty: any, or no name is configured. */
  public List<String> choices(Parameter parameter) {
    return parameter.oneOf() == null ? parameter.constants() : names(parameter).all();
  }

  private ConfiguredNames names(Parameter parameter) {
    return parameter.oneOf() == null ? null : names.obtain().get(parameter.oneOf());
  }

  /**
   * Checks what a caller gave and fills in what was left out.
   *
   * @return every parameter by name, as the ledger keeps it
   * @throws InvalidInputException naming the first parameter that is unknown, missing or wrong
   */
  public Map<String, Object> read(Job<?> job, Map<String, ?> given) {
    Map<String, Object> read = values(job, given);
    record(job, read);
    return read;
  }

  private Map<String, Object> values(Job<?> job, Map<String, ?> given) {
    for (String name : given.keySet()) {
      if (job.parameters().stream().noneMatch(p -> p.name().equals(name))) {
        throw new InvalidInputException("params." + name, "is not a parameter of " + takes(job));
      }
    }
    Map<String, Object> read = new LinkedHashMap<>();
    for (Parameter parameter : job.parameters()) {
      read.put(parameter.name(), parameter.read(given.get(parameter.name()), names(parameter)));
    }
    return read;
  }

  /**
   * The request of a run that the ledger has. What an older hub did not write is filled in.
   *
   * @throws InvalidInputException as {@link #read}: the configuration may have changed since
   */
  public Record request(Job<?> job, Map<String, ?> written) {
    return record(job, values(job, written));
  }

  private static <R extends Record> R record(Job<R> job, Map<String, Object> read) {
    Object[] values =
        job.parameters().stream().map(one -> one.value(read.get(one.name()))).toArray();
    R request;
    try {
      request = Parameter.constructor(job.request()).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new InvalidInputException("params", e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(job.request() + " cannot be made", e);
    }
    CONSTRAINTS.validate(request).stream()
        .min(Comparator.comparing(JobCatalogue::field)) // always the same one first
        .ifPresent(
            wrong -> {
              throw new InvalidInputException("params." + field(wrong), wrong.getMessage());
            });
    return request;
  }

  private static String field(ConstraintViolation<?> violation) {
    return violation.getPropertyPath().toString();
  }

  private static String takes(Job<?> job) {
    return job.id()
        + (job.parameters().isEmpty()
            ? ", which takes none"
            : "; it takes "
                + String.join(", ", job.parameters().stream().map(Parameter::name).toList()));
  }
}
