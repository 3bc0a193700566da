package routes.probes;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import routes.probes.ProbeProperties.Probe;

/** Whether an answer is what a probe wants. Pure. */
final class Expectation {

  /** Steps of one match. A pattern that tries every way through its text would take for ever. */
  private static final int MOST_STEPS = 2_000_000;

  private Expectation() {}

  /**
   * @param body bytes of the answer, as many as were read
   * @return why not; empty: it is well. Holds nothing of the body, which may be anybody's data
   */
  static Optional<String> unmet(Probe probe, int status, byte[] body) {
    if (status != probe.status()) {
      return Optional.of("answered " + status + ", not " + probe.status());
    }
    if (probe.body().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Pattern.compile(probe.body())
              .matcher(new Counted(new String(body, StandardCharsets.UTF_8), new int[1]))
              .find()
          ? Optional.empty()
          : Optional.of("its body is not as expected");
    } catch (TooLong e) {
      return Optional.of("hub.probes.….body takes too long to be looked for: a simpler one");
    } catch (StackOverflowError e) {
      return Optional.of("hub.probes.….body goes too deep to be looked for: a simpler one");
    }
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLong() {
      super(null, null, false, false);
    }
  }

  /** Text that may be looked at so often only. */
  private record Counted(CharSequence text, int[] steps) implements CharSequence {

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps[0] > MOST_STEPS) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
