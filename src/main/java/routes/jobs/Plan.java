package routes.jobs;

import java.util.List;

/**
 * What a run would do, item by item; the answer to {@code dryRun=true}.
 *
 * @param items in the order they would be done
 */
public record Plan(List<Item> items) implements Outcome {

  /**
   * @param action what would happen, such as {@code copy}
   * @param target to what
   * @param reason why
   */
  public record Item(String action, String target, String reason) {}

  public Plan {
    items = List.copyOf(items);
  }

  @Override
  public String headline() {
    return "plan: " + items.size() + (items.size() == 1 ? " step" : " steps") + ", nothing changed";
  }
}
