package routes.jobs.cluster;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** A thousand contested fires, and a hub that is frozen for a minute. */
@Tag("slow")
class ClusterSlowTest extends ClusterTest {

  @Override
  int contested() {
    return 1000;
  }

  @Override
  int many() {
    return 600;
  }

  @Override
  Duration freeze() {
    return Duration.ofSeconds(60);
  }
}
