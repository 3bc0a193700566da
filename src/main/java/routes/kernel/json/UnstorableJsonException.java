package routes.kernel.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import routes.kernel.errors.InvalidInputException;

/** JSON that is well-formed and cannot be kept: a number that is no double, half a character. */
public final class UnstorableJsonException extends JsonProcessingException {

  private static final long serialVersionUID = 1L;

  /** Of a number whose exponent has more than nine digits. */
  static final String EXPONENT = "holds a number with an exponent that no number has";

  private final String field;

  /**
   * @param field where it stands, such as {@code events[0].data}; empty: it is the whole
   * @param detail what is wrong; never the value itself
   */
  UnstorableJsonException(String field, String detail) {
    super(detail);
    this.field = field;
  }

  /** Where it stands, such as {@code events[0].data}; empty: it is the whole. */
  public String field() {
    return field;
  }

  /** As callers are told; what is the whole is called {@code body}. */
  public InvalidInputException asInvalidInput() {
    return new InvalidInputException(field.isEmpty() ? "body" : field, getOriginalMessage());
  }
}
