package routes.kernel.errors;

import java.util.Map;

/** A value that cannot be taken as it is: 400, with the field's name. */
public class InvalidInputException extends ClientException {

  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field where the value stands: a parameter, a header, a JSON path
   * @param detail what is wrong and what would be right
   */
  public InvalidInputException(String field, String detail) {
    super(400, "Invalid input", field + ": " + detail, Map.of("field", field));
    this.field = field;
  }

  public String field() {
    return field;
  }
}
