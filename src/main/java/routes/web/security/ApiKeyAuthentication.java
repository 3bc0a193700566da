package routes.web.security;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller whose key was found; has the authority of its role and of each lesser one. */
final class ApiKeyAuthentication extends AbstractAuthenticationToken {

  private static final long serialVersionUID = 1L;

  /** Made once: each request has one of them. */
  private static final Map<Role, List<SimpleGrantedAuthority>> AUTHORITIES =
      Arrays.stream(Role.values())
          .collect(
              Collectors.toMap(
                  role -> role,
                  role ->
                      Arrays.stream(Role.values())
                          .filter(role::may)
                          .map(lesser -> new SimpleGrantedAuthority("ROLE_" + lesser.name()))
                          .toList()));

  private final transient Caller caller;

  ApiKeyAuthentication(Caller caller) {
    super(AUTHORITIES.get(caller.role()));
    this.caller = caller;
    setAuthenticated(true);
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public String getName() {
    return caller.name();
  }
}
