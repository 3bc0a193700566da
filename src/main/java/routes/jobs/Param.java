package routes.jobs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a component of a job's request record: a parameter of the job. It may be left out when
 * it is an {@code Optional}, or has a {@link
 * org.springframework.boot.context.properties.bind.DefaultValue}; else it is required.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Param {

  /** For people; begins in lower case. */
  String value();
}
