package routes.platform.security;

import java.util.Arrays;
import java.util.Collection;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller whose key was found; has the authority of its role and of each lesser one. */
final class ApiKeyAuthentication extends AbstractAuthenticationToken {

  private static final long serialVersionUID = 1L;

  private final transient Caller caller;

  ApiKeyAuthentication(Caller caller) {
    super(authorities(caller.role()));
    this.caller = caller;
    setAuthenticated(true);
  }

  private static Collection<? extends GrantedAuthority> authorities(Role role) {
    return Arrays.stream(Role.values())
        .filter(role::may)
        .map(lesser -> new SimpleGrantedAuthority("ROLE_" + lesser.name()))
        .toList();
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
