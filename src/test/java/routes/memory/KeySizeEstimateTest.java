package routes.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KeySizeEstimateTest {

  private final KeySizeEstimate weights = new KeySizeEstimate();

  @Example
  void allKeysSeenOnceAreToldAsTheyAre() {
    weights.add(
        List.of(
            new KeySize("prediction:fraud:1:ab", 300, true),
            new KeySize("prediction:fraud:1:cd", 100, true),
            new KeySize("session:x", 50, false),
            new KeySize("someone@example.org", 7, false)));

    assertThat(weights.prefixes(4))
        .containsExactly(
            new KeySizeEstimate.Prefix("prediction", 2, 400, 0, 2),
            new KeySizeEstimate.Prefix("session", 1, 50, 1, 1),
            new KeySizeEstimate.Prefix(KeySizeEstimate.NONE, 1, 7, 1, 1));
    assertThat(weights.prefixes(8).get(0))
        .isEqualTo(new KeySizeEstimate.Prefix("prediction", 4, 800, 0, 2));
  }

  @Example
  void nothingSeenIsNothingTold() {
    assertThat(weights.prefixes(1000)).isEmpty();
    weights.add(List.of());
    assertThat(weights.prefixes(1000)).isEmpty();
    assertThat(weights.biggest()).isEmpty();
  }

  @Example
  void prefixesThatNobodyBoundsShareALine() {
    weights.add(
        IntStream.range(0, 100)
            .mapToObj(i -> new KeySize("p" + i + ":key", 1000 - i, i % 2 == 0))
            .toList());

    List<KeySizeEstimate.Prefix> told = weights.prefixes(100);

    assertThat(told).hasSize(KeySizeEstimate.PREFIXES + 1);
    assertThat(told.get(0).prefix()).isEqualTo("p0");
    assertThat(told.get(KeySizeEstimate.PREFIXES).prefix()).isEqualTo(KeySizeEstimate.OTHER);
    assertThat(told.stream().mapToLong(KeySizeEstimate.Prefix::keys).sum()).isEqualTo(100);
    assertThat(told.stream().mapToLong(KeySizeEstimate.Prefix::forever).sum()).isEqualTo(50);
  }

  @Example
  void onlyNamesBecomeALabel() {
    assertThat(KeySizeEstimate.prefix("session:abc:d")).isEqualTo("session");
    assertThat(KeySizeEstimate.prefix("ml.models_v-2:x\ny")).isEqualTo("ml.models_v-2");
    for (String odd : List.of("abc", ":x", "1a:x", "a b:c", "a@b.c:d", "x".repeat(33) + ":y", "")) {
      assertThat(KeySizeEstimate.prefix(odd)).as(odd).isEqualTo(KeySizeEstimate.NONE);
    }
  }

  @Example
  void whatWasSeenLongAgoCountsNoMore() {
    weights.add(List.of(new KeySize("old:1", 10, true)));
    for (int i = 0; i < KeySizeEstimate.LOOKS; i++) {
      weights.add(List.of(new KeySize("new:1", 10, true)));
    }
    assertThat(weights.prefixes(1))
        .extracting(KeySizeEstimate.Prefix::prefix)
        .containsExactly("new");
  }

  /** A sample of equal keys tells how many there are to a few percent. */
  @Property(tries = 30)
  void aSampleTellsOfTheWhole(@ForAll long seed, @ForAll @IntRange(min = 10, max = 90) int share) {
    KeySizeEstimate weights = new KeySizeEstimate();
    Random random = new Random(seed);
    for (int look = 0; look < KeySizeEstimate.LOOKS; look++) {
      List<KeySize> seen = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        boolean big = random.nextInt(100) < share;
        seen.add(new KeySize((big ? "big:" : "small:") + random.nextInt(), big ? 1000 : 10, big));
      }
      weights.add(seen);
    }

    KeySizeEstimate.Prefix big =
        weights.prefixes(1_000_000).stream()
            .filter(each -> each.prefix().equals("big"))
            .findFirst()
            .orElseThrow();
    assertThat(big.keys() / 1e6).isCloseTo(share / 100.0, within(0.03));
    assertThat((double) big.bytes()).isCloseTo(big.keys() * 1000.0, within(1000.0));
    assertThat(big.forever()).isZero();
  }

  /** However they come in, those that are told are the biggest of all. */
  @Property(tries = 100)
  void theBiggestAreTheBiggestSeen(@ForAll long seed) {
    KeySizeEstimate weights = new KeySizeEstimate();
    Random random = new Random(seed);
    List<KeySize> all = new ArrayList<>();
    for (int look = 0; look < 20; look++) {
      List<KeySize> seen = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        seen.add(new KeySize("k:" + look + "-" + i, random.nextInt(1000), true));
      }
      weights.add(seen);
      all.addAll(seen);
    }
    assertThat(weights.biggest()).hasSize(KeySizeEstimate.BIGGEST);
    assertThat(weights.biggest().stream().map(KeySize::bytes))
        .containsExactlyElementsOf(
            all.stream()
                .map(KeySize::bytes)
                .sorted(Comparator.reverseOrder())
                .limit(KeySizeEstimate.BIGGEST)
                .toList());
  }

  @Example
  void aBigKeyIsWeighedAnewAndForgottenWhenItIsGone() {
    weights.add(List.of(new KeySize("a:1", 100, true), new KeySize("b:1", 50, true)));
    weights.weighAgain(List.of(new KeySize("a:1", 10, true)));
    assertThat(weights.biggest()).extracting(KeySize::key).containsExactly("b:1", "a:1");
    weights.gone("b:1");
    assertThat(weights.biggest()).containsExactly(new KeySize("a:1", 10, true));
  }
}
