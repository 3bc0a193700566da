package routes.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.ShrinkingMode;

/**
 * {@code ./hub chaos retention} asks the same of a million histories, {@link
 * PlannerPropertiesSlowTest} of many.
 */
@PropertyDefaults(tries = 5_000, shrinking = ShrinkingMode.OFF)
class PlannerPropertiesTest {

  @Property
  void noHistoryViolatesAnInvariant(@ForAll long seed) {
    RandomHistory history = RandomHistory.draw(seed, 16);

    assertThat(Invariants.violated(history, seed)).as(() -> history.toString()).isEmpty();
  }
}
