package routes.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

/** Runs exclude each other by what they work on, and by nothing else. */
class ExclusiveKeyTest {

  private record Input(@Param("one") String source, @Param("other") String copy) {}

  private static final Job<Input> JOB =
      Job.job("test.job", Input.class, "does nothing").exclusiveOver("source", "copy");

  private static String key(String source, String copy) {
    return JOB.exclusiveKey(Map.of("source", source, "copy", copy));
  }

  @Property
  void twoTargetsHaveTwoKeys(
      @ForAll @Chars({'a', '|', '\\', '\u001f'}) String source,
      @ForAll @Chars({'a', '|', '\\', '\u001f'}) String copy,
      @ForAll @Chars({'a', '|', '\\', '\u001f'}) String otherSource,
      @ForAll @Chars({'a', '|', '\\', '\u001f'}) String otherCopy) {
    assertThat(key(source, copy).equals(key(otherSource, otherCopy)))
        .isEqualTo(source.equals(otherSource) && copy.equals(otherCopy));
  }

  @Test
  void aPlainNameIsWrittenAsItIs() {
    // Runs of a hub of 0.1 that are at work beside this one have such keys.
    assertThat(key("main", "")).isEqualTo("test.job|main|");
    assertThat(key("a|b", "c")).isNotEqualTo(key("a", "b|c"));
  }
}
