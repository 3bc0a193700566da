package routes.web.bodies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.OverloadedException;
import routes.kernel.errors.TooLargeException;
import routes.web.operations.RawBody;
import routes.web.security.ApiProperties;

/** What a body costs, when it is given back, and what is not read at all. */
class BodyBudgetTest {

  private static final int MEBI = 1 << 20;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BodyBudget budget =
      new BodyBudget(
          new ApiProperties(false, DataSize.ofMegabytes(16), Duration.ofSeconds(1), 64), registry);

  /** A body of so many bytes; how many were asked for. */
  private static final class Body extends MockHttpServletRequest {

    private final int length;
    private final boolean chunked;
    private final int breaksAt;
    private int read;

    private Body(int length, boolean chunked, int breaksAt) {
      this.length = length;
      this.chunked = chunked;
      this.breaksAt = breaksAt;
    }

    static Body declared(int length) {
      return new Body(length, false, Integer.MAX_VALUE);
    }

    static Body chunked(int length) {
      return new Body(length, true, Integer.MAX_VALUE);
    }

    Body thatBreaksAt(int at) {
      return new Body(length, chunked, at);
    }

    @Override
    public long getContentLengthLong() {
      return chunked ? -1 : length;
    }

    @Override
    public ServletInputStream getInputStream() {
      return new ServletInputStream() {
        @Override
        public int read() throws IOException {
          if (read >= breaksAt) {
            throw new IOException("the client has gone");
          }
          return read < length ? read++ & 0xff : -1;
        }

        @Override
        public boolean isFinished() {
          return read >= length;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new UnsupportedOperationException();
        }
      };
    }
  }

  private static byte[] read(BodyBudget.Share share, Body body) {
    share.admit(body.getContentLengthLong());
    return share.read(body.getContentLengthLong(), body.getInputStream());
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BodyBudget.SMALL, BodyBudget.SMALL + 1, 3 * MEBI, 8 * MEBI})
  void aBodyIsReadAsItIsAndCountsByItsLength(int length) {
    for (Body body : new Body[] {Body.declared(length), Body.chunked(length)}) {
      BodyBudget.Share share = budget.share(8 * MEBI);

      assertThat(read(share, body)).isEqualTo(bytes(length));

      assertThat(budget.held()).isEqualTo(length > BodyBudget.SMALL ? length : 0);
      share.close();
      share.close();
      assertThat(budget.held()).as("given back once").isZero();
    }
  }

  @Test
  void whatDoesNotFitIsNotReadAndWhatIsSmallAlwaysFits() {
    BodyBudget.Share all = budget.share(MEBI);
    all.reserve(16 * MEBI);
    Body large = Body.declared(BodyBudget.SMALL + 1);
    Body chunks = Body.chunked(8 * MEBI);

    assertThatThrownBy(() -> read(budget.share(MEBI), large))
        .isInstanceOf(OverloadedException.class);
    assertThat(large.read).isZero();
    assertThatThrownBy(() -> read(budget.share(8 * MEBI), chunks))
        .isInstanceOf(OverloadedException.class);
    assertThat(chunks.read).isEqualTo(BodyBudget.SMALL + 1);
    assertThat(registry.get("hub.api.bodies.refused").counter().count()).isEqualTo(2);
    assertThat(registry.get("hub.api.bodies").gauge().value()).isEqualTo(16 * MEBI);

    assertThat(read(budget.share(MEBI), Body.declared(BodyBudget.SMALL))).isNotEmpty();
    assertThat(read(budget.share(MEBI), Body.chunked(BodyBudget.SMALL))).isNotEmpty();
    all.close();
    assertThat(read(budget.share(MEBI), Body.declared(BodyBudget.SMALL + 1))).isNotEmpty();
  }

  @Test
  void ofUnknownLengthABodyCountsAsTheLargestUntilItHasCome() {
    BodyBudget.Share most = budget.share(MEBI);
    most.reserve(9 * MEBI);

    assertThatThrownBy(() -> read(budget.share(8 * MEBI), Body.chunked(MEBI)))
        .isInstanceOf(OverloadedException.class);
    most.close();
    try (BodyBudget.Share one = budget.share(8 * MEBI);
        BodyBudget.Share other = budget.share(15 * MEBI)) {
      read(one, Body.chunked(MEBI));
      read(other, Body.chunked(MEBI));
      assertThat(budget.held()).isEqualTo(2 * MEBI);
    }
  }

  @Test
  void whatIsTooLargeOrBreaksOffIsGivenBack() {
    for (Body body :
        new Body[] {
          Body.declared(2 * MEBI), Body.chunked(2 * MEBI),
          Body.declared(MEBI).thatBreaksAt(100), Body.chunked(MEBI).thatBreaksAt(MEBI - 1)
        }) {
      try (BodyBudget.Share share = budget.share(MEBI)) {
        assertThatThrownBy(() -> read(share, body))
            .isInstanceOfAny(TooLargeException.class, InvalidInputException.class);
      }
      assertThat(budget.held()).isZero();
    }
  }

  @Test
  void theLargestBodyAlwaysFitsIntoAnEmptyBudget() {
    assertThat(RawBody.MOST_BYTES).isLessThanOrEqualTo(16 * MEBI);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ApiProperties(
                    false, DataSize.ofBytes(16 * MEBI - 1), Duration.ofSeconds(1), 64))
        .withMessageContaining("hub.api.bodies");
  }
}
