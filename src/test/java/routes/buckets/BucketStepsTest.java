package routes.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.buckets.BucketProperties.Bucket;

class BucketStepsTest {

  private static final String UNKNOWN = "?";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # seen: exists empty versioned locked lock-days keep-days
          plain, missing           | plain            | no  yes no  no  0 0  | MAKE
          plain, there             | plain            | yes no  no  no  0 0  | ''
          plain, more than asked   | plain            | yes no  yes yes 9 9  | ''
          versioned, missing       | versioned        | no  yes no  no  0 0  | MAKE VERSION
          versioned, there, full   | versioned        | yes no  no  no  0 0  | VERSION
          versioned, done          | versioned        | yes no  yes no  0 0  | ''
          versioned, not had       | versioned        | yes no  ?   no  0 0  | TELL
          locked, missing          | locked 30        | no  yes no  no  0 0  | MAKE VERSION LOCK
          locked, without days     | locked           | no  yes no  no  0 0  | MAKE VERSION
          locked, done             | locked 30        | yes no  yes yes 30 0 | ''
          locked, too late         | locked 30        | yes no  yes no  0 0  | TELL
          locked, not had          | locked 30        | yes no  yes ?   ? 0  | TELL
          locked, others' days     | locked 30        | yes no  yes yes 7 0  | TELL
          locked, cut short        | locked 30        | yes yes yes yes 0 0  | LOCK
          kept, missing            | locked 30 keep 9 | no  yes no  no  0 0  | MAKE VERSION LOCK EXPIRE
          kept, cut short          | locked 30 keep 9 | yes yes yes yes 30 0 | EXPIRE
          kept, but full           | locked 30 keep 9 | yes no  yes yes 30 0 | TELL
          kept, done               | locked 30 keep 9 | yes no  yes yes 30 9 | ''
          kept, others' days       | locked 30 keep 9 | yes yes yes yes 30 5 | TELL
          kept, not had            | locked 30 keep 9 | yes yes yes yes 30 ? | TELL
          """)
  void whatIsDone(String name, String wanted, String seen, String steps) {
    assertThat(
            BucketSteps.of(wanted(wanted), seen(seen)).stream().map(step -> step.action().name()))
        .containsExactlyElementsOf(steps.isEmpty() ? List.of() : List.of(steps.split(" ")));
  }

  @Test
  void aBucketThatIsOpenIsRefusedWhateverElse() {
    BucketState open =
        new BucketState(
            true,
            false,
            Optional.of(true),
            Optional.of(false),
            Optional.of(0),
            Optional.of(0),
            List.of("everybody"));

    assertThat(BucketSteps.of(wanted("plain"), open))
        .containsExactly(
            new BucketSteps.Step(BucketSteps.Action.REFUSE, "it is open to everybody"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Upper       | 0d  | 0d   | hub.buckets.Upper: a bucket's name is
          ab          | 0d  | 0d   | hub.buckets.ab: a bucket's name is
          a..b        | 0d  | 0d   | hub.buckets.a..b: a bucket's name is
          fine        | 36h | 0d   | hub.buckets.fine.lock-for is PT36H but must be whole days
          fine        | 1d  | -1d  | hub.buckets.fine.keep-deleted is PT-24H but must be whole days
          """)
  void aWrongValueNamesItsKey(String name, String lockFor, String keep, String message) {
    Bucket bucket = new Bucket(true, true, duration(lockFor), duration(keep));
    assertThatThrownBy(() -> new BucketProperties(Map.of(name, bucket)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void daysWithoutWhatTheyAreOfAreRefused() {
    Bucket unlocked = new Bucket(true, false, Duration.ofDays(1), Duration.ZERO);
    Bucket unversioned = new Bucket(false, false, Duration.ZERO, Duration.ofDays(1));

    assertThatThrownBy(() -> new BucketProperties(Map.of("some", unlocked)))
        .hasMessage("hub.buckets.some.lock-for wants hub.buckets.some.locked=true");
    assertThatThrownBy(() -> new BucketProperties(Map.of("some", unversioned)))
        .hasMessage("hub.buckets.some.keep-deleted wants hub.buckets.some.versioned=true");
  }

  private static Duration duration(String text) {
    return org.springframework.boot.convert.DurationStyle.detectAndParse(text);
  }

  private static Bucket wanted(String text) {
    String[] words = text.split(" ");
    return new Bucket(
        words[0].equals("versioned"),
        words[0].equals("locked"),
        Duration.ofDays(words.length > 1 ? Integer.parseInt(words[1]) : 0),
        Duration.ofDays(words.length > 3 ? Integer.parseInt(words[3]) : 0));
  }

  private static BucketState seen(String text) {
    String[] is = text.split(" +");
    if (is[0].equals("no")) {
      return BucketState.MISSING;
    }
    return new BucketState(
        true, is[1].equals("yes"), flag(is[2]), flag(is[3]), days(is[4]), days(is[5]), List.of());
  }

  private static Optional<Boolean> flag(String text) {
    return text.equals(UNKNOWN) ? Optional.empty() : Optional.of(text.equals("yes"));
  }

  private static Optional<Integer> days(String text) {
    return text.equals(UNKNOWN) ? Optional.empty() : Optional.of(Integer.valueOf(text));
  }
}
