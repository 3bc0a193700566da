package routes.backup.retention;

import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** The same of more histories. */
@Tag("slow")
@PropertyDefaults(tries = 100_000, shrinking = ShrinkingMode.OFF)
class PlannerPropertiesSlowTest extends PlannerPropertiesTest {}
