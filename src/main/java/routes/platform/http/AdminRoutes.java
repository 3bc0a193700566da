package routes.platform.http;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;
import routes.platform.audit.Audit;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiAnswer.Page;
import routes.platform.security.ApiKeys;
import routes.platform.security.Role;

/** Ports {@code api.keys.*} and {@code api.audit.*}: what admins see to. */
@Component
class AdminRoutes extends ApiRoutes {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
  private static final Duration LONGEST = Duration.ofDays(3_660);

  private final ApiKeys keys;
  private final Audit audit;

  AdminRoutes(ApiKeys keys, Audit audit) {
    this.keys = keys;
    this.audit = audit;
  }

  @Override
  public void configure() {
    port("api.keys.list", "Lists API keys, never their secret", r -> Page.of(keys.list()));
    port("api.keys.create", "Makes an API key and shows it once", this::create);
    port(
        "api.keys.revoke",
        "Revokes an API key, for good",
        r -> keys.revoke(r.pathUuid("id"), r.actor()));
    port("api.audit.list", "Lists who changed what, newest first", this::trail);
  }

  private ApiAnswer create(ApiRequest request) {
    request.takesOnly("name", "role", "expiresIn");
    String name = request.bodyText("name");
    if (name == null || !NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "name", "must be 1 to 100 letters, digits, dots, hyphens, underscores or @");
    }
    ApiKeys.ApiKey made = keys.create(name, role(request), expiresIn(request), request.actor());
    return ApiAnswer.created("/api/keys/" + made.id(), made);
  }

  private static Role role(ApiRequest request) {
    try {
      return Role.of(String.valueOf(request.bodyText("role")));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("role", "must be one of viewer, operator, admin");
    }
  }

  private static Duration expiresIn(ApiRequest request) {
    String text = request.bodyText("expiresIn");
    if (text == null) {
      return null;
    }
    try {
      Duration duration = DurationStyle.detectAndParse(text);
      if (duration.compareTo(Duration.ofMinutes(1)) >= 0 && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
      // told below, with the bounds
    }
    throw new InvalidInputException(
        "expiresIn", "must be a duration from 1m to 3660d, such as 90d or PT12H");
  }

  private Page<Audit.Entry> trail(ApiRequest request) {
    int limit = (int) request.queryNumber("limit", 1, 500, 50);
    Long after =
        request.query("after") == null ? null : request.queryNumber("after", 0, Long.MAX_VALUE, 0);
    List<Audit.Entry> entries = audit.list(after, limit + 1);
    boolean more = entries.size() > limit;
    List<Audit.Entry> page = more ? entries.subList(0, limit) : entries;
    return new Page<>(page, more ? String.valueOf(page.get(limit - 1).seq()) : null);
  }
}
