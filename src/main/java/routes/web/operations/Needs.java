package routes.web.operations;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import routes.web.security.Role;

/**
 * The least role that may call an operation. A controller method without it is refused when it is
 * called (enforced by: {@link OperationGate}) and fails the build (enforced by: {@code RolesTest}).
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
  Role value();
}
