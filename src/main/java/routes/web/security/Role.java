package routes.web.security;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What a key may do. Each role may do what the ones before it may, except that a viewer may not do
 * what a {@link #SERVICE} may: it looks, and never at what services keep for their users.
 */
public enum Role {
  /** A service of the platform: its cache, its sessions, its notifications. */
  SERVICE,
  /** Looks at everything but keys and the audit trail. */
  VIEWER,
  /** Starts and stops runs, pauses triggers. */
  OPERATOR,
  /** Makes and revokes keys, reads the audit trail, switches all triggers. */
  ADMIN;

  public boolean may(Role needed) {
    return this == needed || compareTo(needed) > 0 && !(this == VIEWER && needed == SERVICE);
  }

  /** As written in JSON, in the contract and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when there is no such role
   */
  public static Role of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException("no role is called '" + text + "'");
  }
}
