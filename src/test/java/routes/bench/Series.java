package routes.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One measured thing over the rounds. */
final class Series {

  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double median() {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** All values in their order, such as {@code 1.2 1.3 1.1}. */
  @Override
  public String toString() {
    return String.join(
        " ", values.stream().map(value -> String.format(Locale.ROOT, "%.1f", value)).toList());
  }
}
