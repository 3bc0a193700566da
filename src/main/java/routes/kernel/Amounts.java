package routes.kernel;

import java.time.Duration;
import java.util.Locale;

/** How headlines tell amounts. */
public final class Amounts {

  private Amounts() {}

  /** Such as {@code 1.5 s}. */
  public static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  /** Such as {@code 1.5 MiB}. */
  public static String bytes(long count) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = count;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
