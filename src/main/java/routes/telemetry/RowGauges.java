package routes.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Gauges that have a series for each row of what was read last. */
public final class RowGauges<T> {

  private final MeterRegistry registry;
  private final Function<T, Tags> tags;
  private final Map<MultiGauge, ToDoubleFunction<T>> gauges = new LinkedHashMap<>();

  /**
   * @param tags of a row's series
   */
  public RowGauges(MeterRegistry registry, Function<T, Tags> tags) {
    this.registry = registry;
    this.tags = tags;
  }

  /**
   * @param unit null: a count or a ratio
   * @param value of a row, worked out at each scrape
   */
  public RowGauges<T> add(String name, String unit, String description, ToDoubleFunction<T> value) {
    gauges.put(
        MultiGauge.builder(name).baseUnit(unit).description(description).register(registry), value);
    return this;
  }

  /** Shows these rows, and no others any more. */
  public void show(Collection<? extends T> rows) {
    gauges.forEach(
        (gauge, value) ->
            gauge.register(
                rows.stream()
                    .map(row -> MultiGauge.Row.of(tags.apply(row), row, value))
                    .collect(Collectors.toList()),
                true));
  }
}
