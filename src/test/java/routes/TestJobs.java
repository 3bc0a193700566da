package routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static routes.jobs.Job.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;
import routes.jobs.OneOf;
import routes.jobs.Outcome;
import routes.jobs.Param;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.kernel.errors.PermanentException;
import routes.messaging.deadletters.DeadLetters;
import routes.messaging.deadletters.ReplayPort;

/** Small jobs whose end a test decides. */
@TestConfiguration(proxyBeanMethods = false)
public class TestJobs {

  /** What a user's own file in {@code hub.routes.folder} may hold: routes, and triggers. */
  static final String OWN_ROUTES =
      """
      - route:
          id: own.greeting
          description: A route of the user's own
          from:
            uri: direct:own.greeting
            steps:
              - setBody:
                  constant: good day
      - route:
          id: own.page
          description: A page of the user's own
          from:
            uri: platform-http:/hooks/page
            steps:
              - to: direct:own.greeting
              - setBody:
                  constant: a page
      - templatedRoute:
          routeTemplateRef: job
          routeId: schedule.test-daily
          parameters:
            - {name: job, value: test.echo}
            - {name: name, value: daily}
            - {name: cron, value: "0 0 2 * * ?"}
            - {name: zone, value: Europe/Berlin}
            - {name: params, value: '{"text": "from a file", "count": 3}'}
            - {name: misfire, value: all}
            - {name: timeout, value: 5m}
            - {name: maxAge, value: 26h}
            - {name: what, value: Says the same each night}
      - templatedRoute:
          routeTemplateRef: job
          routeId: schedule.test-each
          parameters:
            - {name: job, value: test.wait}
            - {name: name, value: "nightly-{value}"}
            - {name: each, value: name}
            - {name: cron, value: "0 30 3 * * ?"}
            - {name: overlap, value: queue}
            - {name: what, value: Waits once per gate}
      - templatedRoute:
          routeTemplateRef: job
          routeId: schedule.test-broken
          parameters:
            - {name: job, value: test.echo}
            - {name: name, value: broken}
            - {name: cron, value: "0 30 3 * * ?"}
            - {name: timezone, value: Europe/Berlin}
      """;

  /** Says what it was told. */
  public record Echo(
      @Param("what to say") @DefaultValue("nothing") String text,
      @Param("how often") @DefaultValue("1") Long count) {}

  /** Says it, too. */
  public record Tick(@Param("what to say") @DefaultValue("tick") String text) {}

  /** Leaves a dead letter. */
  public record Letters(@Param("which of them") @DefaultValue("a") String text) {}

  /** What was told. */
  public record Echoed(String text, Long count) implements Outcome {
    @Override
    public String headline() {
      return "said " + text;
    }
  }

  /** Fails in a way of the caller's choice. */
  public record Fail(@Param("the kind of failure") String how) {}

  /** Does what a test put down under this name. */
  public record Call(@Param("which of them") String name) {}

  /** What a test has a run do. */
  public interface Work {
    Outcome in(RunContext run) throws Exception;
  }

  /** Waits for {@link #release}, or for its stop. */
  public record Wait(@Param("which gate") @OneOf("test.gates") @DefaultValue("a") String name) {}

  /** The same at any gate. */
  public record Gate(@Param("which gate") String name) {}

  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> stops = new ConcurrentHashMap<>();

  private final Map<String, Work> calls = new ConcurrentHashMap<>();

  /** Has {@code test.call} of this name do some work, in a real run. */
  public void call(String name, Work work) {
    calls.put(name, work);
  }

  private final Map<String, List<String>> replayed = new ConcurrentHashMap<>();
  private final Map<String, Runnable> whileReplayed = new ConcurrentHashMap<>();

  /** Bodies with which the port {@code test.replay} was given a dead letter, each time. */
  public List<String> replayed(String messageId) {
    return replayed.getOrDefault(messageId, List.of());
  }

  /** Does something in the middle of the replay of a dead letter of {@code test.replay}. */
  public void whileReplayed(String messageId, Runnable work) {
    whileReplayed.put(messageId, work);
  }

  private void replay(Exchange exchange) {
    DeadLetters.Letter letter = exchange.getProperty(ReplayPort.LETTER, DeadLetters.Letter.class);
    replayed
        .computeIfAbsent(letter.messageId(), id -> new CopyOnWriteArrayList<>())
        .add(new String(letter.body(), UTF_8));
    whileReplayed.getOrDefault(letter.messageId(), () -> {}).run();
  }

  @Bean
  ReplayPort testReplays() {
    return new ReplayPort("test.replay");
  }

  private CountDownLatch gate(String name) {
    return gates.computeIfAbsent(name, key -> new CountDownLatch(1));
  }

  /** Lets {@code test.wait} with this name end. */
  public void release(String name) {
    gate(name).countDown();
  }

  /** How often {@code test.wait} with this name was told to stop. */
  public int stops(String name) {
    return stops.computeIfAbsent(name, key -> new AtomicInteger()).get();
  }

  @Bean
  ConfiguredNames testGates() {
    return new ConfiguredNames("test.gates", "gate", () -> List.of("a", "b", "c", "d", "e", "f"));
  }

  @Bean
  Job<Echo> testEcho() {
    return job("test.echo", Echo.class, "Says what it is told").exclusiveOver("text").dryRun();
  }

  @Bean
  Job<Fail> testFail() {
    return job("test.fail", Fail.class, "Fails")
        .exclusiveOver("how")
        .retries(2, Duration.ofMinutes(40));
  }

  @Bean
  Job<Call> testCall() {
    return job("test.call", Call.class, "Does what a test put down")
        .exclusiveOver("name")
        // Only what no repeat heals ends it at once.
        .retries(1, Duration.ofMinutes(40));
  }

  @Bean
  Job<Wait> testWait() {
    return job("test.wait", Wait.class, "Waits to be released").exclusiveOver("name");
  }

  @Bean
  Job<Gate> testSlow() {
    return job("test.slow", Gate.class, "Waits longer than it may").timeout(Duration.ofMillis(50));
  }

  @Bean
  Job<Letters> testLetters() {
    return job("test.letters", Letters.class, "Leaves a dead letter")
        .exclusiveOver("text")
        .retries(2, Duration.ofMinutes(40));
  }

  @Bean
  Job<Tick> testTick() {
    return job("test.tick", Tick.class, "Ticks").exclusiveOver("text");
  }

  @Bean
  EndpointRouteBuilder testJobRoutes() {
    return new EndpointRouteBuilder() {
      @Override
      public void configure() {
        from(direct("test.echo"))
            .routeId("test.echo")
            .routeDescription("Says what it is told")
            .process(TestJobs::echo);
        from(direct("test.fail"))
            .routeId("test.fail")
            .routeDescription("Fails")
            .process(TestJobs::fail);
        from(direct("test.call"))
            .routeId("test.call")
            .routeDescription("Does what a test put down")
            .process(
                exchange -> {
                  Call call = exchange.getMessage().getBody(Call.class);
                  exchange.getMessage().setBody(calls.get(call.name()).in(run(exchange)));
                });
        from(direct("test.wait"))
            .routeId("test.wait")
            .routeDescription("Waits to be released")
            .process(TestJobs.this::await);
        from(direct("test.slow"))
            .routeId("test.slow")
            .routeDescription("Waits longer than it may")
            .to(direct("test.wait"));
        from(direct("test.elsewhere"))
            .routeId("test.elsewhere")
            .routeDescription("Waits, for a hub of a test's own")
            .to(direct("test.wait"));
        from(direct("test.letters"))
            .routeId("test.letters")
            .routeDescription("Works on three messages, of which one fails for good")
            .process(TestJobs::threeMessages)
            .split(body())
            .process(TestJobs::letter)
            .to(direct("test.message"))
            .end()
            .process(exchange -> exchange.getMessage().setBody(new Echoed("all", 3L)));
        from(direct("test.replay"))
            .routeId("test.replay")
            .routeDescription("Takes dead letters again")
            .process(TestJobs.this::replay);
        from(direct("test.message"))
            .routeId("test.message")
            .routeDescription("Takes a message, or fails for good")
            .process(
                exchange -> {
                  if (exchange.getMessage().getBody(String.class).equals("bad")) {
                    throw new IllegalStateException("no mail to secret@example.org");
                  }
                });
        from(direct("test.seda"))
            .routeId("test.seda")
            .routeDescription("Hands over to another thread")
            .to(seda("test.seda.later"));
        from(seda("test.seda.later"))
            .routeId("test.seda.later")
            .routeDescription("Is handed over to")
            .process(exchange -> {});
        from(direct("test.tick"))
            .routeId("test.tick")
            .routeDescription("Ticks")
            .transform()
            .body(Tick.class, tick -> new Echo(tick.text(), 1L))
            .to(direct("test.echo"));
      }
    };
  }

  private static void threeMessages(Exchange exchange) {
    exchange.getMessage().setBody(List.of("good", "bad", "good"));
  }

  private static void letter(Exchange exchange) {
    byte[] body = exchange.getMessage().getBody(String.class).getBytes(UTF_8);
    exchange.setProperty(
        DeadLetters.LETTER,
        new DeadLetters.Letter(
            UUID.randomUUID().toString(), "test.message", body, "text/plain", Map.of()));
  }

  private static RunContext run(Exchange exchange) {
    return exchange.getProperty(RunContext.PROPERTY, RunContext.class);
  }

  private static void echo(Exchange exchange) {
    Echo told = exchange.getMessage().getBody(Echo.class);
    RunContext run = run(exchange);
    if (run.dryRun()) {
      exchange
          .getMessage()
          .setBody(new Plan(List.of(new Plan.Item("say", told.text(), "it was asked for"))));
      return;
    }
    run.info("saying " + told.text());
    run.progress(1, 1, "words", told.text());
    exchange.getMessage().setBody(new Echoed(told.text(), told.count()));
  }

  private static void fail(Exchange exchange) throws Exception {
    switch (exchange.getMessage().getBody(Fail.class).how()) {
      case "heals" -> throw new java.io.IOException("the line was cut");
      case "permanent" -> throw new PermanentException("role hub may not read table t: GRANT it");
      case "error" -> throw new StackOverflowError("too deep");
      default -> exchange.getMessage().setBody("no outcome");
    }
  }

  private void await(Exchange exchange) throws Exception {
    Object body = exchange.getMessage().getBody();
    String name = body instanceof Gate any ? any.name() : ((Wait) body).name();
    RunContext run = run(exchange);
    CountDownLatch gate = gate(name);
    CountDownLatch stopped = new CountDownLatch(1);
    try (RunContext.Registration ignored =
        run.onStop(
            "gate " + name,
            () -> {
              stops.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
              stopped.countDown();
              gate.countDown();
            })) {
      gate.await();
      gates.remove(name, gate);
      if (stopped.getCount() == 0) {
        run.checkpoint();
      }
      exchange.getMessage().setBody(new Echoed(name, 1L));
    }
  }
}
