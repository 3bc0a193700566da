package routes.backup.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Snapshots of one source as life may leave them, drawn from a seed: any rhythm, several within a
 * second, around changes of the clocks, from the future, proven or not, held, read, or shrunk.
 */
public record RandomHistory(List<SnapshotFacts> snapshots, Policy policy, Instant now) {

  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/St_Johns"), // until 2011 clocks went back at 00:01: a day comes twice
          ZoneId.of("Australia/Lord_Howe"), // by half an hour
          ZoneId.of("Pacific/Apia"), // had no 30 December 2011
          ZoneId.of("Asia/Kathmandu"),
          ZoneId.of("America/Sao_Paulo"));

  private static final Instant[] MOMENTS = {
    Instant.parse("2026-10-25T01:00:00Z"), // Berlin goes back
    Instant.parse("2026-03-29T01:00:00Z"), // and forward
    Instant.parse("2010-11-07T02:31:00Z"), // St John's goes back
    Instant.parse("2026-04-04T15:00:00Z"), // Lord Howe goes back
    Instant.parse("2011-12-30T10:00:00Z"), // Apia leaves a day out
    Instant.parse("2024-12-31T23:59:59Z"),
    Instant.parse("2024-02-29T12:00:00Z"),
    Instant.parse("2027-01-03T23:30:00Z"), // the end of ISO week 53
  };

  private static final Duration[] RHYTHMS = {
    Duration.ofSeconds(1),
    Duration.ofMinutes(20),
    Duration.ofHours(1),
    Duration.ofHours(11),
    Duration.ofDays(1),
    Duration.ofDays(6),
    Duration.ofDays(40),
  };

  /**
   * @param most snapshots at most
   */
  public static RandomHistory draw(long seed, int most) {
    Random random = new Random(seed);
    random.nextInt(); // neighbouring seeds begin alike
    Instant moment = MOMENTS[random.nextInt(MOMENTS.length)];
    Duration rhythm = RHYTHMS[random.nextInt(RHYTHMS.length)];
    int count = random.nextInt(most + 1);
    int[] odds = odds(random);
    boolean pins = random.nextBoolean();
    List<SnapshotFacts> snapshots = new ArrayList<>();
    long before = random.nextInt(count + 1) * rhythm.toSeconds();
    Instant at = moment.minusSeconds(before);
    for (int i = 0; i < count; i++) {
      snapshots.add(
          new SnapshotFacts(
              String.format("%08x-%d", random.nextInt(), i),
              at,
              proof(random, odds),
              pins && random.nextInt(15) == 0,
              pins && random.nextInt(15) == 0,
              size(random)));
      at = next(random, at, rhythm);
    }
    Collections.shuffle(snapshots, random);
    return new RandomHistory(
        List.copyOf(snapshots), policy(random), now(random, moment, at, rhythm));
  }

  /**
   * Mostly onward; now and then in the same second, after a long pause, or with a clock set back.
   */
  private static Instant next(Random random, Instant at, Duration rhythm) {
    return switch (random.nextInt(12)) {
      case 0 -> at;
      case 1 -> at.plus(rhythm.multipliedBy(random.nextInt(30)));
      case 2 -> at.minus(rhythm.multipliedBy(random.nextInt(3)));
      default -> at.plusSeconds((long) (rhythm.toSeconds() * (0.5 + random.nextDouble())));
    };
  }

  private static Instant now(Random random, Instant moment, Instant end, Duration rhythm) {
    return switch (random.nextInt(5)) {
      case 0 -> moment; // what was taken after it is from the future
      case 1 -> end.plus(Duration.ofDays(random.nextInt(4000)));
      case 2 -> end.minus(rhythm);
      default -> end;
    };
  }

  private static int[] odds(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> new int[] {0, 1, 0};
      case 1 -> new int[] {0, 5, 1};
      case 2 -> new int[] {1, 0, 0};
      case 3 -> new int[] {1, 10, 1};
      default -> new int[] {6, 3, 1};
    };
  }

  private static Proof proof(Random random, int[] odds) {
    int drawn = random.nextInt(odds[0] + odds[1] + odds[2]);
    return drawn < odds[0]
        ? Proof.VERIFIED
        : drawn < odds[0] + odds[1] ? Proof.UNPROVEN : Proof.DAMAGED;
  }

  private static OptionalLong size(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> OptionalLong.of(0);
      case 1 -> OptionalLong.empty();
      case 2, 3, 4, 5 -> OptionalLong.of(random.nextInt(4000));
      default -> OptionalLong.of(1000 + random.nextInt(300));
    };
  }

  private static Policy policy(Random random) {
    return new Policy(
        RHYTHMS[random.nextInt(RHYTHMS.length)].multipliedBy(random.nextInt(4)),
        1 + random.nextInt(4),
        random.nextInt(5),
        random.nextInt(8),
        random.nextInt(5),
        random.nextInt(5),
        random.nextInt(3),
        1 + random.nextInt(3),
        random.nextBoolean() ? 0 : 0.5,
        ZONES.get(random.nextInt(ZONES.size())));
  }

  /** The same with every number of the policy at least as great. */
  public Policy stricter(long seed) {
    Random random = new Random(~seed);
    return new Policy(
        policy.within().plusSeconds(random.nextInt(200_000)),
        policy.last() + random.nextInt(3),
        policy.hourly() + random.nextInt(3),
        policy.daily() + random.nextInt(3),
        policy.weekly() + random.nextInt(3),
        policy.monthly() + random.nextInt(3),
        policy.yearly() + random.nextInt(3),
        policy.minVerified() + random.nextInt(3),
        policy.shrinkLimit(),
        policy.zone());
  }
}
