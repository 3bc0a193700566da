package routes.sessions;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.springframework.stereotype.Component;
import routes.platform.error.HttpException;
import routes.platform.error.InvalidInputException;
import routes.platform.http.ApiAnswer;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;
import routes.sessions.Sessions.Shown;

/** Ports {@code api.sessions.*}. */
@Component
class SessionRoutes extends ApiRoutes {

  private final Sessions sessions;

  SessionRoutes(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void configure() {
    port("api.sessions.get", "Shows a session", this::get);
    port("api.sessions.create", "Stores a session under a new id", this::create);
    port("api.sessions.put", "Stores a session", this::put);
    port("api.sessions.touch", "Lets a session's life begin anew", this::touch);
    port("api.sessions.delete", "Ends a session", this::delete);
    port("api.sessions.list", "Lists a user's sessions", this::list);
    port("api.sessions.revoke", "Ends a user's sessions", this::revoke);
  }

  /**
   * A session that was made.
   *
   * @param id the secret; only in this answer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Made(String id, Long expiresInMs) {
    @Override
    public String toString() {
      return "Session[…]";
    }
  }

  /** How many sessions were ended. */
  record Ended(long ended) {}

  private Shown get(ApiRequest request) {
    return sessions.get(id(request), request.queryFlag("sliding")).orElseThrow(SessionRoutes::none);
  }

  private ApiAnswer create(ApiRequest request) {
    SessionId id = SessionId.random();
    Shown stored = sessions.put(id, session(request));
    return ApiAnswer.created(null, new Made(id.secret(), stored.expiresInMs()));
  }

  private Shown put(ApiRequest request) {
    return sessions.put(id(request), session(request));
  }

  private Ended touch(ApiRequest request) {
    if (!sessions.touch(id(request))) {
      throw none();
    }
    return new Ended(0);
  }

  private Ended delete(ApiRequest request) {
    return new Ended(sessions.delete(id(request)) ? 1 : 0);
  }

  private Page<Shown> list(ApiRequest request) {
    return Page.of(sessions.of(user(request.takesOnly("user"))));
  }

  private Ended revoke(ApiRequest request) {
    request.takesOnly("user", "handle");
    return new Ended(sessions.revoke(user(request), request.bodyText("handle")));
  }

  private static SessionId id(ApiRequest request) {
    return SessionId.of(request.header(SessionId.HEADER));
  }

  private static Map<?, ?> session(ApiRequest request) {
    request.takesOnly("session");
    if (request.body().get("session") instanceof Map<?, ?> session) {
      return session;
    }
    throw new InvalidInputException("session", "must be a JSON object");
  }

  private static String user(ApiRequest request) {
    String user = request.bodyText("user");
    if (user == null || user.isEmpty() || user.length() > 1_000) {
      throw new InvalidInputException("user", "must be a string of 1 to 1000 characters");
    }
    return user;
  }

  private static HttpException none() {
    return new HttpException(
        404,
        "Not found",
        "there is no such session; it may have expired or been revoked",
        Map.of("field", SessionId.HEADER));
  }
}
