package routes.web.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;

/**
 * A list.
 *
 * @param next what to give as {@code after} for the next page; null: this was the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(
    List<T> items,
    @Schema(description = "Give it as after for the next page; not there: this was the last")
        String next) {

  public static <T> Page<T> of(List<T> all) {
    return new Page<>(all, null);
  }

  /**
   * @param found one more than the limit, if there are so many
   * @param position what names the last of a page
   */
  public static <T> Page<T> of(List<T> found, int limit, Function<T, String> position) {
    return found.size() <= limit
        ? of(found)
        : new Page<>(found.subList(0, limit), position.apply(found.get(limit - 1)));
  }
}
