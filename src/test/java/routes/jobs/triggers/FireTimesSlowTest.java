package routes.jobs.triggers;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** The same of every zone there is. */
@Tag("slow")
@net.jqwik.api.Tag("slow") // jqwik does not know the other
class FireTimesSlowTest extends FireTimesTest {

  @Override
  List<String> walked() {
    return ZONES;
  }
}
