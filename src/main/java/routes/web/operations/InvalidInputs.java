package routes.web.operations;

import java.util.Comparator;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import routes.kernel.errors.Failures;
import routes.kernel.errors.InvalidInputException;

/** What Spring says of a value that cannot be taken, as the field and what it must be. */
public final class InvalidInputs {

  private InvalidInputs() {}

  /** Null for what is no wrong value. */
  public static InvalidInputException of(Exception failure) {
    if (failure instanceof MethodArgumentTypeMismatchException mismatch) {
      return new InvalidInputException(mismatch.getName(), reason(mismatch));
    }
    if (failure instanceof MissingServletRequestParameterException missing) {
      return new InvalidInputException(missing.getParameterName(), "is required");
    }
    if (failure instanceof MissingRequestHeaderException missing) {
      return new InvalidInputException(missing.getHeaderName(), "is required");
    }
    if (failure instanceof MethodArgumentNotValidException invalid) {
      // One at a time, and always the same one first.
      FieldError first =
          invalid.getFieldErrors().stream().min(Comparator.comparing(FieldError::getField)).get();
      return new InvalidInputException(first.getField(), first.getDefaultMessage());
    }
    if (failure instanceof HandlerMethodValidationException invalid) {
      var first = invalid.getParameterValidationResults().get(0);
      return new InvalidInputException(
          first.getMethodParameter().getParameterName(),
          first.getResolvableErrors().get(0).getDefaultMessage());
    }
    if (failure instanceof HttpMessageNotReadableException) {
      return new InvalidInputException("body", "is missing; it must be a JSON object");
    }
    return null;
  }

  /** Of {@link TextValues}, which says what would be right. */
  private static String reason(MethodArgumentTypeMismatchException mismatch) {
    Throwable root = Failures.root(mismatch);
    return root instanceof IllegalArgumentException && root.getMessage() != null
        ? root.getMessage()
        : "cannot be read";
  }
}
