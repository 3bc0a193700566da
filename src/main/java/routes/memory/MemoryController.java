package routes.memory;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.kernel.errors.HttpException;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.security.Role;

/** What lies in Redis. */
@RestController
record MemoryController(MemoryWatch watch) {

  @GetMapping("/api/redis/memory")
  @Needs(Role.VIEWER)
  @Operation(
      operationId = "redis.memory",
      summary =
          "Shows what lies in Redis: how full it is, what takes the room, what never expires, what"
              + " was slow")
  @ApiResponse(responseCode = "200", description = "What this replica saw last; seenAt says when")
  @Fails(status = 503, when = "Redis was not checked yet")
  MemoryView look() {
    MemoryView view = watch.view();
    if (view == null) {
      throw new HttpException(
          503,
          "Unavailable",
          "Redis was not checked yet; ask again in a while, or see ./hub doctor",
          Map.of());
    }
    return view;
  }
}
