package routes.backup.imports;

import java.io.IOException;

/** A file that is no whole dump; no repeat heals it. */
final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  RefusedException(String why) {
    super(why);
  }

  RefusedException(String why, Throwable cause) {
    super(why, cause);
  }
}
