package routes.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import routes.kernel.errors.Failures;

class WorkLoopTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicInteger rests = new AtomicInteger();
  private final AtomicReference<Thread> ended = new AtomicReference<>();
  private final Semaphore rest = new Semaphore(0);
  private final Logger logger = (Logger) LoggerFactory.getLogger(WorkLoop.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private volatile WorkLoop loop;

  private void start(WorkLoop.Turn turn) {
    loop =
        WorkLoop.start(
            "test-loop",
            "counting",
            turn,
            () -> {
              rests.incrementAndGet();
              rest.acquire();
            },
            () -> ended.set(Thread.currentThread()));
  }

  /** Not the console: others turn it off. */
  @BeforeEach
  void listen() {
    logger.setLevel(Level.DEBUG);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    loop.stop();
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  @Test
  void aTurnFollowsAtOnceWhileThereIsMoreAndAfterARestElse() {
    start(() -> turns.incrementAndGet() % 3 != 0);

    await().until(() -> rests.get() == 1);
    assertThat(turns).hasValue(3);
    rest.release();
    await().until(() -> rests.get() == 2);
    assertThat(turns).hasValue(6);
  }

  @Test
  void whatFailsIsTriedAgainAndToldOnceUntilItWorks() {
    Throwable[] failures = {
      new IllegalStateException("first"), new StackOverflowError("second"), null, null
    };
    start(
        () -> {
          Throwable failure = failures[Math.min(turns.getAndIncrement(), 3)];
          if (failure instanceof Error error) {
            throw error;
          } else if (failure instanceof Exception exception) {
            throw exception;
          }
          return false;
        });
    for (int turn = 1; turn < 4; turn++) {
      int seen = turn;
      await().until(() -> rests.get() == seen);
      rest.release();
    }
    await().until(() -> rests.get() == 4);

    assertThat(log.list.stream().filter(line -> line.getLevel() != Level.DEBUG))
        .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
        .containsExactly(
            tuple(
                Level.WARN,
                "counting fails, and is tried again until it works: "
                    + Failures.describe((Exception) failures[0])),
            tuple(Level.INFO, "counting works again"));
  }

  @Test
  void aStopEndsTheRestAndTheLastStepIsTheThreadsOwn() {
    start(() -> false);
    await().until(() -> rests.get() == 1);

    loop.stop();

    await().until(() -> ended.get() != null);
    assertThat(ended.get().getName()).isEqualTo("test-loop");
    assertThat(turns).hasValue(0);
  }

  @Test
  void aTurnThatEndsInTimeIsNotInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch may = new CountDownLatch(1);
    start(
        () -> {
          begun.countDown();
          may.await();
          turns.incrementAndGet();
          return true;
        });
    begun.await();
    Thread finishing = new Thread(() -> loop.finish(LONG));
    finishing.start();
    await().until(() -> finishing.getState() == Thread.State.TIMED_WAITING);
    may.countDown();
    finishing.join();

    assertThat(ended.get()).isNotNull();
    assertThat(turns).hasValue(1);
    assertThat(rests).hasValue(0);
  }

  @Test
  void afterItsEndNoTurnBegins() {
    start(
        () -> {
          await().until(() -> loop != null);
          loop.end();
          turns.incrementAndGet();
          return true;
        });

    await().until(() -> ended.get() != null);
    assertThat(turns).hasValue(1);
    assertThat(rests).hasValue(0);
  }

  @Test
  void aTurnThatHangsIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    start(
        () -> {
          begun.countDown();
          new Semaphore(0).acquire();
          return true;
        });
    begun.await();

    loop.finish(Duration.ofMillis(50));

    await().until(() -> ended.get() != null);
  }

  @Test
  void aTaskIsDoneNowAndAgain() {
    loop = WorkLoop.every(Duration.ofMillis(1), "test-every", "counting", turns::incrementAndGet);

    await().until(() -> turns.get() > 3);
    loop.stop();
  }
}
