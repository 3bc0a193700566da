package routes.repository.chunks;

import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Tag;

/** The same, tried more often. */
@Tag("slow")
@PropertyDefaults(tries = 1_000)
class ChunkerSlowTest extends ChunkerTest {}
