package routes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The Camel routes that a test class is there for. Said once, held to: after the class each of them
 * must have brought an exchange of its own to a good end, or the class fails. {@link
 * EveryRouteTest} wants every route to stand in one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CoversExtension.class)
public @interface Covers {

  /**
   * Ids of routes; {@code schedule.*} stands for all that begin so, and {@code api.x} for the
   * operation {@code rest.x} before it, too.
   */
  String[] value();
}
