package routes.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import routes.platform.error.InvalidInputException;

/** Parameters that name something of the configuration. */
class ConfiguredNamesTest {

  @Test
  void whereNothingIsConfiguredNoNameIsRight() {
    Parameter from = Parameter.required("from", "the place's name").oneOf(List::of);

    assertThatThrownBy(() -> from.read("nope"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("params.from: is 'nope'; none is configured");
    assertThatThrownBy(() -> from.read(null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("; none is configured");
  }

  @Test
  void oneThatIsLeftOutNeedsNoChoice() {
    Parameter copy =
        Parameter.optional("copy", Parameter.Type.STRING, "", "a copy's name").oneOf(List::of);

    assertThat(copy.read("")).isEqualTo("");
    assertThatThrownBy(() -> copy.read("far")).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void anythingGoesWhereNothingIsAsked() {
    assertThat(Parameter.required("reason", "why").read("because")).isEqualTo("because");
  }
}
