package routes.jobs.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;
import routes.kernel.WorkLoop;
import routes.web.streams.StreamClient;
import routes.web.streams.StreamSeats;

/**
 * Who looks at which run right now. One thread reads each looked-at run from the ledger, which any
 * replica can, and tells every looker what is new: lines of its log, its progress, its state.
 */
@Component
public class RunStreams implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(RunStreams.class);

  /** Lines that may wait in memory for one client. */
  private static final int LINES = 200;

  /** A client, and what it was told. */
  private static final class Looker extends StreamClient {
    private final UUID run;
    private long line;
    private JsonNode progress;
    private String state;

    private Looker(UUID run, long line) {
      this.run = run;
      this.line = line;
    }

    private void tell(String id, String name, String data) {
      stream().event(id, name, data);
      spoken();
    }
  }

  private final Runs runs;
  private final ObjectMapper json;
  private final StreamsProperties properties;
  private final Set<Looker> lookers = ConcurrentHashMap.newKeySet();
  private final StreamSeats seats;
  private WorkLoop feeder;

  RunStreams(Runs runs, ObjectMapper json, StreamsProperties properties, MeterRegistry registry) {
    this.runs = runs;
    this.json = json;
    this.properties = properties;
    this.seats = new StreamSeats(properties.open(), "hub.streams.open");
    Gauge.builder("hub.streams.open", seats, StreamSeats::taken)
        .description("Event streams that clients of this hub have open")
        .register(registry);
  }

  /** Streams that are open. */
  public int open() {
    return seats.taken();
  }

  /**
   * Admits a client.
   *
   * @param line the last line of the log it has seen; 0 for none
   * @throws routes.kernel.errors.HttpException 503 when there are as many as may be
   */
  void open(UUID run, long line, StreamSeats.Opening opening) throws java.io.IOException {
    seats.admit(
        new Looker(run, line),
        "ask again in a while, or poll GET /api/runs/" + run,
        opening,
        lookers::add,
        lookers::remove);
  }

  private void feed() {
    try {
      lookers.stream().collect(Collectors.groupingBy(looker -> looker.run)).forEach(this::feed);
    } finally {
      lookers.forEach(this::keep); // while the database is away, too
    }
  }

  private void feed(UUID id, List<Looker> all) {
    List<Looker> ready = all.stream().filter(looker -> looker.stream().idle()).toList();
    if (ready.isEmpty()) {
      return;
    }
    // Before its lines: else a run that ends in between would lose its last ones.
    Optional<Run> run = runs.find(id);
    // Those that have seen the same share one query; that is all of them, once they caught up.
    Map<Long, List<Runs.LogLine>> news = new HashMap<>();
    for (Looker looker : ready) {
      if (run.isEmpty()) {
        looker.stream().end();
      } else {
        tell(
            looker,
            run.get(),
            news.computeIfAbsent(looker.line, line -> runs.lines(id, line, LINES)));
      }
    }
  }

  private void tell(Looker looker, Run run, List<Runs.LogLine> lines) {
    for (Runs.LogLine line : lines) {
      looker.tell(String.valueOf(line.seq()), "log", write(line));
      looker.line = line.seq();
    }
    if (run.progress() != null && !run.progress().equals(looker.progress)) {
      looker.progress = run.progress();
      looker.tell(null, "progress", write(run.progress()));
    }
    boolean last = run.ended() && lines.size() < LINES;
    String state = run.state() + run.attempt();
    if (!run.ended() && !state.equals(looker.state) || last) {
      looker.state = state;
      looker.tell(null, "state", write(run));
    }
    if (last) {
      looker.stream().end();
    }
  }

  /** Says that we are there, and lets go of who is not. */
  private void keep(Looker looker) {
    switch (looker.due(properties.slow(), properties.longest(), properties.heartbeat())) {
      case CUT -> {
        LOG.info("a client of run {} takes nothing: its stream is cut", looker.run);
        looker.stream().drop();
      }
      case HEARTBEAT -> looker.stream().heartbeat();
      case NOTHING -> {}
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  @Override
  public void start() {
    feeder =
        WorkLoop.every(properties.poll(), "run-streams", "telling of runs in streams", this::feed);
    seats.open(true);
  }

  /** First of all: a server that stops gracefully would wait for streams that do not end. */
  @Override
  public void stop() {
    seats.open(false);
    feeder.stop();
    for (Looker looker : lookers) {
      looker.stream().end();
      looker.stream().drop(); // who has not taken all comes back and goes on from there
    }
  }

  @Override
  public boolean isRunning() {
    return seats.isOpen();
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
