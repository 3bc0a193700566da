package routes.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import routes.backup.retention.Invariants;
import routes.backup.retention.RandomHistory;

/** {@code ./hub chaos retention [--histories n] [--seed n]}: exit code 1 when a plan is wrong. */
public final class RetentionChaos {

  private static final int MOST_SNAPSHOTS = 24;
  private static final int MOST_TOLD = 5;

  private RetentionChaos() {}

  public static void main(String[] args) {
    long histories = option(args, "--histories", 1_000_000);
    long seed = option(args, "--seed", new Random().nextLong());
    long began = System.nanoTime();
    AtomicLong decisions = new AtomicLong();
    AtomicLong violations = new AtomicLong();
    List<String> told = new ArrayList<>();
    LongStream.range(seed, seed + histories)
        .parallel()
        .forEach(
            each -> {
              RandomHistory history = RandomHistory.draw(each, MOST_SNAPSHOTS);
              List<String> violated = Invariants.violated(history, each);
              decisions.addAndGet(history.snapshots().size());
              violations.addAndGet(violated.size());
              synchronized (told) {
                if (!violated.isEmpty() && told.size() < MOST_TOLD) {
                  told.add("--seed " + each + " --histories 1: " + violated + " " + history);
                }
              }
            });
    told.forEach(System.out::println);
    System.out.printf(
        "%d histories, %d decisions, %d violations, %.1f s, seed %d%n",
        histories, decisions.get(), violations.get(), (System.nanoTime() - began) / 1e9, seed);
    System.exit(violations.get() == 0 ? 0 : 1);
  }

  private static long option(String[] args, String name, long fallback) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(name + "=")) {
        return number(name, args[i].substring(name.length() + 1));
      }
      if (args[i].equals(name) && i + 1 < args.length) {
        return number(name, args[i + 1]);
      }
    }
    return fallback;
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      System.err.println(name + " is '" + text + "' but must be a whole number");
      System.exit(2);
      throw e;
    }
  }
}
