package routes.probes;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import routes.probes.ProbeProperties.Probe;

/** Whether an answer is what a probe wants. Pure. */
final class Expectation {

  /** Steps of one match. A pattern that tries every way through its text would take for ever. */
  private static final int MOST_STEPS = 2_000_000;

  private final String key;
  private final int status;
  private final Pattern body;

  /**
   * @param name of the probe, for what is told of its pattern
   */
  Expectation(String name, Probe probe) {
    this.key = "hub.probes." + name + ".body";
    this.status = probe.status();
    this.body = probe.body().isEmpty() ? null : Pattern.compile(probe.body());
  }

  /**
   * @param bytes of the answer's body, as many as were read
   * @return why not; empty: it is well. Holds nothing of the body, which may be anybody's data
   */
  Optional<String> unmet(int answered, byte[] bytes) {
    if (answered != status) {
      return Optional.of("answered " + answered + ", not " + status);
    }
    if (body == null) {
      return Optional.empty();
    }
    try {
      return body.matcher(new Counted(new String(bytes, StandardCharsets.UTF_8), new int[1])).find()
          ? Optional.empty()
          : Optional.of("its body is not as expected");
    } catch (TooLong e) {
      return Optional.of(key + " takes too long to be looked for: a simpler one");
    } catch (StackOverflowError e) {
      return Optional.of(key + " goes too deep to be looked for: a simpler one");
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
