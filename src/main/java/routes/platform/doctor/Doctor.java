package routes.platform.doctor;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.BeansException;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import routes.platform.error.Failures;

/** Runs every {@link Checkup} at the same time and tells what they find, one line each. */
public final class Doctor {

  /** Longest wait for all checks together. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String TOO_LONG =
      "check that the host is right and that no firewall swallows the packets";

  private final PrintStream out;
  private final Map<Findings.Level, Integer> counts = new EnumMap<>(Findings.Level.class);

  private Doctor(PrintStream out) {
    this.out = out;
  }

  /**
   * @param args keys as Spring Boot takes them, {@code --hub.database.url=…}
   * @return exit code: 1 when something failed, else 0
   */
  public static int examine(String[] args, PrintStream out) {
    SpringApplication application = new SpringApplication(Wiring.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLazyInitialization(true);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    List<String> all = new ArrayList<>(Arrays.asList(args));
    // What drivers and clients log is told in one line each.
    all.add("--logging.threshold.console=OFF");
    all.add("--logging.threshold.file=OFF");
    try (ConfigurableApplicationContext context = application.run(all.toArray(String[]::new))) {
      return new Doctor(out).tell(checks(context));
    }
  }

  private static List<Check> checks(ConfigurableApplicationContext context) {
    List<Check> checks = new ArrayList<>();
    context.getBeanProvider(Checkup.class).orderedStream().forEach(c -> checks.addAll(of(c)));
    return checks;
  }

  private static List<Check> of(Checkup checkup) {
    try {
      return checkup.checks();
    } catch (BeansException e) {
      return List.of(); // its configuration is wrong, which the configuration's own check tells
    }
  }

  private int tell(List<Check> checks) {
    int width = checks.stream().mapToInt(check -> check.what().length()).max().orElse(0);
    ExecutorService threads = Executors.newCachedThreadPool(Doctor::daemon);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Findings> found = checks.stream().map(check -> new Findings()).toList();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      Check check = checks.get(i);
      Findings findings = found.get(i);
      running.add(threads.submit(() -> look(check, findings)));
    }
    for (int i = 0; i < checks.size(); i++) {
      await(running.get(i), deadline, found.get(i));
      for (Findings.Finding finding : found.get(i).all()) {
        print(checks.get(i).what(), width, finding);
      }
    }
    threads.shutdownNow();
    out.printf(
        "%d ok, %d to note, %d failed%n",
        count(Findings.Level.OK), count(Findings.Level.WARN), count(Findings.Level.FAIL));
    return count(Findings.Level.FAIL) == 0 ? 0 : 1;
  }

  private static void look(Check check, Findings findings) {
    try {
      check.look().tell(findings);
    } catch (BeansException e) {
      return; // its configuration is wrong, which the configuration's own check tells
    } catch (Exception e) {
      findings.fail(Failures.describe(e), "");
    }
  }

  private static void await(Future<?> look, long deadline, Findings findings) {
    try {
      look.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      findings.fail("no answer in " + PATIENCE.toSeconds() + " s", TOO_LONG);
    } catch (ExecutionException e) {
      findings.fail(Failures.describe(e.getCause()), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      findings.fail("the look was interrupted", "");
    }
  }

  private void print(String what, int width, Findings.Finding finding) {
    counts.merge(finding.level(), 1, Integer::sum);
    String level = finding.level().name();
    out.println(
        oneLine(
            String.format(
                "%-4s  %-" + Math.max(1, width) + "s  %s%s",
                finding.level() == Findings.Level.FAIL ? level : level.toLowerCase(Locale.ROOT),
                what,
                finding.detail(),
                finding.mend().isEmpty() ? "" : " (" + finding.mend() + ")")));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private int count(Findings.Level level) {
    return counts.getOrDefault(level, 0);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "doctor");
    thread.setDaemon(true);
    return thread;
  }

  /** No {@code @Configuration}: the hub's own scan must not find it. */
  @ConfigurationPropertiesScan("routes")
  @ComponentScan(
      basePackages = "routes",
      useDefaultFilters = false,
      includeFilters = {
        @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Checkup.class),
        @ComponentScan.Filter(
            type = FilterType.REGEX,
            pattern = "routes\\.platform\\.ClockConfiguration")
      })
  @ImportAutoConfiguration(RedisAutoConfiguration.class)
  static class Wiring {}
}
