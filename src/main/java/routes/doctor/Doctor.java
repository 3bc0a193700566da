package routes.doctor;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration;
import org.springframework.boot.autoconfigure.data.redis.RedisProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.ConfigurableEnvironment;
import routes.kernel.DaemonThreads;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.Failures;

/** Runs every {@link Checkup} at the same time and tells what they find, one line each. */
public final class Doctor {

  /** Longest wait for all checks together. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Longest wait for a server that is to answer at once when the hub works: on a busy machine. */
  private static final Duration FOR_REDIS = Duration.ofSeconds(5);

  private static final String TOO_LONG =
      "check that the host is right and that no firewall swallows the packets";

  private Doctor() {}

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
      Report report = look(context);
      report.lines().forEach(out::println);
      out.println(report.summary());
      return report.failed() == 0 ? 0 : 1;
    }
  }

  /**
   * The same for a hub that runs, with what it was configured with.
   *
   * @param environment of the hub; it is read only
   */
  static Report examine(ConfigurableEnvironment environment) {
    try (var context = new AnnotationConfigApplicationContext()) {
      context.setEnvironment(environment);
      context.setAllowBeanDefinitionOverriding(false);
      context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
      context
          .getBeanFactory()
          .setConversionService(ApplicationConversionService.getSharedInstance());
      context.register(Wiring.class);
      context.refresh();
      return look(context);
    }
  }

  private static Report look(ConfigurableApplicationContext context) {
    List<Check> checks = new ArrayList<>();
    context.getBeanProvider(Checkup.class).orderedStream().forEach(c -> checks.addAll(of(c)));
    return look(checks);
  }

  private static List<Check> of(Checkup checkup) {
    try {
      return checkup.checks();
    } catch (BeansException e) {
      return List.of(); // its configuration is wrong, which the configuration's own check tells
    }
  }

  private static Report look(List<Check> checks) {
    ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("doctor"));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Findings> found = checks.stream().map(check -> new Findings()).toList();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      Check check = checks.get(i);
      Findings findings = found.get(i);
      running.add(threads.submit(() -> look(check, findings)));
    }
    List<Report.Item> items = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      await(running.get(i), deadline, found.get(i));
      for (Findings.Finding finding : found.get(i).all()) {
        items.add(Report.Item.of(checks.get(i).what(), finding));
      }
    }
    threads.shutdownNow();
    return new Report(items);
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

  /** No {@code @Configuration}: the hub's own scan must not find it. */
  @ConfigurationPropertiesScan("routes")
  @ComponentScan(
      basePackages = "routes",
      useDefaultFilters = false,
      includeFilters = {
        @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Checkup.class),
        @ComponentScan.Filter(
            type = FilterType.REGEX,
            pattern = "routes\\.kernel\\.ClockConfiguration"),
        // What jobs there are, and which parameters they take: schedules name both.
        @ComponentScan.Filter(type = FilterType.REGEX, pattern = "routes\\..*\\.\\w+Jobs")
      })
  @ImportAutoConfiguration(RedisAutoConfiguration.class)
  static class Wiring {

    /**
     * The hub's patience is that of a request in a hurry. A Redis that answers later is there all
     * the same.
     */
    @Bean
    static BeanPostProcessor patienceWithRedis() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          if (bean instanceof RedisProperties redis) {
            redis.setTimeout(atLeast(redis.getTimeout()));
            redis.setConnectTimeout(atLeast(redis.getConnectTimeout()));
          }
          return bean;
        }
      };
    }

    private static Duration atLeast(Duration configured) {
      return configured == null || configured.compareTo(FOR_REDIS) < 0 ? FOR_REDIS : configured;
    }
  }
}
