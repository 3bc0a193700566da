package routes.memory;

import java.util.Map;
import org.springframework.stereotype.Component;
import routes.platform.error.HttpException;
import routes.platform.http.ApiRoutes;

/** Port {@code api.redis.memory}. */
@Component
class MemoryRoutes extends ApiRoutes {

  private final MemoryWatch watch;

  MemoryRoutes(MemoryWatch watch) {
    this.watch = watch;
  }

  @Override
  public void configure() {
    port("api.redis.memory", "Shows what lies in Redis", request -> look());
  }

  private MemoryView look() {
    MemoryView view = watch.view();
    if (view == null) {
      throw new HttpException(
          503,
          "Unavailable",
          "Redis was not looked at yet; ask again in a while, or see ./hub doctor",
          Map.of());
    }
    return view;
  }
}
