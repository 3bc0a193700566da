package routes.platform.http;

/**
 * What a port answers with when it is not just 200 and a record.
 *
 * @param status HTTP status
 * @param location path of what was made or asked for, or null
 * @param body a record, written as JSON
 */
public record ApiAnswer(int status, String location, Object body) {

  /** Done later: 202, with where to look. */
  public static ApiAnswer accepted(String location, Object body) {
    return new ApiAnswer(202, location, body);
  }

  /** Made: 201, with where it is. */
  public static ApiAnswer created(String location, Object body) {
    return new ApiAnswer(201, location, body);
  }
}
