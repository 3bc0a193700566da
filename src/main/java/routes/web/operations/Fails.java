package routes.web.operations;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An answer of an operation, or of each of a controller, that is a problem, beside those that every
 * one may have.
 */
@Repeatable(Fails.All.class)
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Fails {
  int status();

  /** One sentence. */
  String when();

  /** Several. */
  @Target({ElementType.METHOD, ElementType.TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Fails[] value();
  }
}
