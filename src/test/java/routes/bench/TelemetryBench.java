package routes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import routes.devservices.DevServices;
import routes.devservices.HubServer;

/**
 * {@code ./hub bench telemetry}: what traces and metrics cost the hub's API and its jobs. Hubs that
 * differ in nothing else take turns: with neither, with metrics alone, with a collector that takes
 * all spans, with one that refuses connections and with one that never answers. Of requests that
 * only read as many are traced as a hub does by default, of jobs each. Ratios are of neighbours in
 * time, since other programs disturb a whole machine.
 */
public final class TelemetryBench implements AutoCloseable {

  private static final PrintStream OUT = System.out;
  private static final String[] JVM =
      System.getenv().getOrDefault("HUB_JAVA_OPTS", "@scripts/jvm.options").split(" +");
  private static final int CLIENTS = 4;
  private static final int PROBES = 16;

  private static final String OFF = "off";
  private static final String METRICS = "metrics alone";
  private static final String LIVE = "live collector";
  private static final String REFUSES = "collector refuses";
  private static final String SILENT = "collector never answers";

  private final DevServices services;
  private final Path folder;
  private final HttpServer target;
  private final HttpServer collector;
  private final ServerSocket silent;
  private final AtomicLong received = new AtomicLong();
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final Map<String, HubServer> hubs = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();

  private TelemetryBench(DevServices services, Path folder) throws IOException {
    this.services = services;
    this.folder = folder;
    this.target = answering(200, new AtomicLong());
    this.collector = answering(200, received);
    // Its backlog takes connections that nobody reads.
    this.silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /**
   * @param args {@code --rounds=15}, {@code --seconds=3} of each measurement
   */
  public static void main(String[] args) throws Exception {
    Setting.run(
        "telemetry",
        args,
        Map.of("rounds", 15, "seconds", 3),
        setting -> {
          try (TelemetryBench bench = new TelemetryBench(setting.services(), setting.folder())) {
            bench.run(setting.whole("rounds"), setting.whole("seconds"));
          }
        });
  }

  private void run(int rounds, int seconds) throws Exception {
    String sampled = "management.tracing.sampling.probability";
    start(OFF, Map.of(sampled, "0", "management.metrics.enable.all", "false"));
    start(METRICS, Map.of(sampled, "0"));
    start(LIVE, to(collector.getAddress().getPort()));
    start(REFUSES, to(1));
    start(SILENT, to(silent.getLocalPort()));
    OUT.println("warms up");
    for (String name : hubs.keySet()) {
      requests(name, "/api/jobs", 3 * seconds);
      requests(name, "/health", seconds);
      jobs(name, 3 * seconds);
    }
    measured.clear();
    List<String> order = new ArrayList<>(hubs.keySet());
    for (int round = 1; round <= rounds; round++) {
      OUT.println("round " + round + " of " + rounds);
      // Each comes first as often as another.
      Collections.rotate(order, 1);
      for (String name : order) {
        requests(name, "/api/jobs", seconds);
      }
      for (String name : order) {
        requests(name, "/health", seconds);
      }
      for (String name : order) {
        jobs(name, seconds);
      }
    }
    report();
  }

  private static Map<String, String> to(int port) {
    return Map.of("management.otlp.tracing.endpoint", "http://127.0.0.1:" + port + "/v1/traces");
  }

  private void start(String name, Map<String, String> more) throws SQLException {
    String id = "hub_" + hubs.size();
    try (Connection connection = services.postgres().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + id);
    }
    Map<String, String> settings = new HashMap<>(services.properties());
    settings.put("hub.id", id.replace('_', '-'));
    settings.put("hub.database.url", services.postgres().url(id));
    settings.put("hub.jobs.poll-every", "100ms");
    for (int i = 0; i < PROBES; i++) {
      String probe = "hub.probes.p" + i;
      settings.put(probe + ".url", "http://127.0.0.1:" + target.getAddress().getPort() + "/");
      settings.put(probe + ".every", "1d");
    }
    settings.putAll(more);
    hubs.put(name, HubServer.start(folder.resolve(id), settings, JVM));
  }

  /** GETs by some clients at a time. */
  private void requests(String name, String path, int seconds) throws Exception {
    HubServer hub = hubs.get(name);
    measure(
        "GET " + path,
        name,
        seconds,
        client -> {
          if (hub.api().get(path).status() != 200) {
            throw new IllegalStateException(path);
          }
          return 1;
        });
  }

  /** Runs of {@code probes.run}, each of which asks a small server once and keeps what it found. */
  private void jobs(String name, int seconds) throws Exception {
    HubServer hub = hubs.get(name);
    measure(
        "jobs",
        name,
        seconds,
        client -> {
          List<String> queued = new ArrayList<>();
          for (int i = 0; i < PROBES / CLIENTS; i++) {
            queued.add(
                hub.submit("probes.run", Map.of("probe", "p" + (client * PROBES / CLIENTS + i))));
          }
          for (String run : queued) {
            JsonNode ended = hub.ended(run);
            if (!ended.path("state").asText().equals("succeeded")) {
              throw new IllegalStateException(ended.toString());
            }
          }
          return queued.size();
        });
  }

  private void measure(String what, String name, int seconds, ToLongFunction<Integer> work)
      throws Exception {
    long cpu = hubs.get(name).processorMillis();
    long began = System.nanoTime();
    long until = began + seconds * 1_000_000_000L;
    List<Future<Long>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      all.add(
          clients.submit(
              () -> {
                long done = 0;
                while (System.nanoTime() < until) {
                  done += work.applyAsLong(client);
                }
                return done;
              }));
    }
    double done = 0;
    for (Future<Long> each : all) {
      done += each.get();
    }
    double took = (System.nanoTime() - began) / 1e9;
    add(what + ", per second", name, done / took);
    add(what + ", ms of processor each", name, (hubs.get(name).processorMillis() - cpu) / done);
  }

  private void add(String what, String name, double value) {
    measured
        .computeIfAbsent(what, w -> new LinkedHashMap<>())
        .computeIfAbsent(name, n -> new ArrayList<>())
        .add(value);
  }

  private void report() {
    OUT.printf(
        Locale.ROOT,
        "%n%d cores, JDK %s; the live collector got %.1f MB of spans%n%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        received.get() / 1e6);
    OUT.println(
        "| | off | metrics | live | refuses | silent | metrics/off | live/off | refuses/live |"
            + " silent/live |");
    OUT.println("|---|---|---|---|---|---|---|---|---|---|");
    measured.forEach(
        (what, by) ->
            OUT.printf(
                Locale.ROOT,
                "| %s | %.3g | %.3g | %.3g | %.3g | %.3g | %s | %s | %s | %s |%n",
                what,
                median(by.get(OFF)),
                median(by.get(METRICS)),
                median(by.get(LIVE)),
                median(by.get(REFUSES)),
                median(by.get(SILENT)),
                ratio(by.get(METRICS), by.get(OFF)),
                ratio(by.get(LIVE), by.get(OFF)),
                ratio(by.get(REFUSES), by.get(LIVE)),
                ratio(by.get(SILENT), by.get(LIVE))));
  }

  /** Median of the rounds' ratios, and between which two the half of them lies. */
  private static String ratio(List<Double> some, List<Double> others) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      ratios.add(some.get(i) / others.get(i));
    }
    Collections.sort(ratios);
    int size = ratios.size();
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f–%.3f)",
        median(ratios),
        ratios.get(size / 4),
        ratios.get(size - 1 - size / 4));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** A server that reads what it is sent, counts its bytes and says yes. */
  private static HttpServer answering(int status, AtomicLong bytes) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "answers");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext(
        "/",
        exchange -> {
          byte[] buffer = new byte[8192];
          try (exchange;
              InputStream body = exchange.getRequestBody()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
              bytes.addAndGet(read);
            }
            exchange.sendResponseHeaders(status, -1);
          }
        });
    server.start();
    return server;
  }

  @Override
  public void close() throws IOException {
    clients.shutdownNow();
    hubs.values().forEach(HubServer::close);
    target.stop(0);
    collector.stop(0);
    silent.close();
  }
}
