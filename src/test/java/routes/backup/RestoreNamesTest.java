package routes.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.backup.restore.Restore;
import routes.kernel.errors.InvalidInputException;

/** Names of new databases. */
class RestoreNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop",
        "Shop",
        "2shop",
        "shop-2026",
        "Shop \"2\" ${x} 'y'; --",
        "größe",
        "商店",
        "a.b",
        "=",
        "x23456789012345678901234567890123456789012345678901234567890123"
      })
  void whatPostgresqlTakesIsTaken(String name) {
    assertThatCode(() -> Restore.checkName(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " shop",
        "shop ",
        "a\nb",
        "a\u0000b",
        "a\u202eb",
        "a\u200bb",
        "a\ud800b",
        "x234567890123456789012345678901234567890123456789012345678901234",
        "ü23456789012345678901234567890123456789012345678901234567890123"
      })
  void whatNobodyCouldTypeAgainOrIsCutIsRefused(String name) {
    assertThatThrownBy(() -> Restore.checkName(name))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("params.database: ");
  }
}
