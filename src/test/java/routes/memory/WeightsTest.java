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

class WeightsTest {

  private final Weights weights = new Weights();

  @Example
  void allKeysSeenOnceAreToldAsTheyAre() {
    weights.add(
        List.of(
            new KeyWeight("prediction:fraud:1:ab", 300, true),
            new KeyWeight("prediction:fraud:1:cd", 100, true),
            new KeyWeight("session:x", 50, false),
            new KeyWeight("someone@example.org", 7, false)));

    assertThat(weights.prefixes(4))
        .containsExactly(
            new Weights.Prefix("prediction", 2, 400, 0, 2),
            new Weights.Prefix("session", 1, 50, 1, 1),
            new Weights.Prefix(Weights.NONE, 1, 7, 1, 1));
    assertThat(weights.prefixes(8).get(0))
        .isEqualTo(new Weights.Prefix("prediction", 4, 800, 0, 2));
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
            .mapToObj(i -> new KeyWeight("p" + i + ":key", 1000 - i, i % 2 == 0))
            .toList());

    List<Weights.Prefix> told = weights.prefixes(100);

    assertThat(told).hasSize(Weights.PREFIXES + 1);
    assertThat(told.get(0).prefix()).isEqualTo("p0");
    assertThat(told.get(Weights.PREFIXES).prefix()).isEqualTo(Weights.OTHER);
    assertThat(told.stream().mapToLong(Weights.Prefix::keys).sum()).isEqualTo(100);
    assertThat(told.stream().mapToLong(Weights.Prefix::forever).sum()).isEqualTo(50);
  }

  @Example
  void onlyNamesBecomeALabel() {
    assertThat(Weights.prefix("session:abc:d")).isEqualTo("session");
    assertThat(Weights.prefix("ml.models_v-2:x\ny")).isEqualTo("ml.models_v-2");
    for (String odd : List.of("abc", ":x", "1a:x", "a b:c", "a@b.c:d", "x".repeat(33) + ":y", "")) {
      assertThat(Weights.prefix(odd)).as(odd).isEqualTo(Weights.NONE);
    }
  }

  @Example
  void whatWasSeenLongAgoCountsNoMore() {
    weights.add(List.of(new KeyWeight("old:1", 10, true)));
    for (int i = 0; i < Weights.LOOKS; i++) {
      weights.add(List.of(new KeyWeight("new:1", 10, true)));
    }
    assertThat(weights.prefixes(1)).extracting(Weights.Prefix::prefix).containsExactly("new");
  }

  /** A sample of equal keys tells how many there are to a few percent. */
  @Property(tries = 30)
  void aSampleTellsOfTheWhole(@ForAll long seed, @ForAll @IntRange(min = 10, max = 90) int share) {
    Weights weights = new Weights();
    Random random = new Random(seed);
    for (int look = 0; look < Weights.LOOKS; look++) {
      List<KeyWeight> seen = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        boolean big = random.nextInt(100) < share;
        seen.add(new KeyWeight((big ? "big:" : "small:") + random.nextInt(), big ? 1000 : 10, big));
      }
      weights.add(seen);
    }

    Weights.Prefix big =
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
    Weights weights = new Weights();
    Random random = new Random(seed);
    List<KeyWeight> all = new ArrayList<>();
    for (int look = 0; look < 20; look++) {
      List<KeyWeight> seen = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        seen.add(new KeyWeight("k:" + look + "-" + i, random.nextInt(1000), true));
      }
      weights.add(seen);
      all.addAll(seen);
    }
    assertThat(weights.biggest()).hasSize(Weights.BIGGEST);
    assertThat(weights.biggest().stream().map(KeyWeight::bytes))
        .containsExactlyElementsOf(
            all.stream()
                .map(KeyWeight::bytes)
                .sorted(Comparator.reverseOrder())
                .limit(Weights.BIGGEST)
                .toList());
  }

  @Example
  void aBigKeyIsWeighedAnewAndForgottenWhenItIsGone() {
    weights.add(List.of(new KeyWeight("a:1", 100, true), new KeyWeight("b:1", 50, true)));
    weights.weighAgain(List.of(new KeyWeight("a:1", 10, true)));
    assertThat(weights.biggest()).extracting(KeyWeight::key).containsExactly("b:1", "a:1");
    weights.gone("b:1");
    assertThat(weights.biggest()).containsExactly(new KeyWeight("a:1", 10, true));
  }
}
