package routes.devservices;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Repeatable choices: the same seed draws the same platform on every machine. */
final class Draw {

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private final Random random;

  Draw(long seed) {
    random = new Random(seed);
  }

  /** A whole number in [from, to). */
  int between(int from, int to) {
    return from + random.nextInt(to - from);
  }

  /** True with the given share of draws. */
  boolean share(double share) {
    return random.nextDouble() < share;
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A normal deviate; StrictMath underneath, hence equal on every machine. */
  double normal(double mean, double deviation) {
    return mean + deviation * random.nextGaussian();
  }

  /** A normal deviate cut to [0, 1]. */
  double ratio(double mean, double deviation) {
    return Math.min(1, Math.max(0, normal(mean, deviation)));
  }

  UUID uuid() {
    byte[] bits = bytes(16);
    return UUID.nameUUIDFromBytes(bits);
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static String decimal(double value, int scale) {
    return BigDecimal.valueOf(value).setScale(scale, RoundingMode.HALF_EVEN).toPlainString();
  }

  static String timestamp(Instant instant) {
    return TIMESTAMP.format(instant);
  }
}
