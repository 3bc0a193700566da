package routes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} says what the code reads. */
class ConfigurationPageTest {

  private static final Path PAGE = Path.of("docs/configuration.md");

  /** {@code mvn test -Dtest=ConfigurationPageTest -Ddocs.write=true} writes the page. */
  @Test
  void thePageIsMadeFromTheCode() throws Exception {
    String page = ConfigurationPage.text();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/configuration.md is out of date: run this test with -Ddocs.write=true")
        .isEqualTo(page);
  }

  @Test
  void everyKeySaysWhatItMeans() throws Exception {
    assertThat(ConfigurationPage.text().lines().filter(line -> line.startsWith("| `")))
        .hasSizeGreaterThan(100)
        .allSatisfy(row -> assertThat(row).doesNotEndWith("|  |"));
  }

  @Test
  void everyKeyThatIsShippedIsOnThePage() throws Exception {
    List<String> known =
        ConfigurationPage.text()
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .map(key -> Pattern.quote(key).replace("<name>", "\\E[^.]+\\Q") + "(\\[\\d+\\])?")
            .toList();
    assertThat(ConfigurationPage.shipped().stream().filter(key -> key.startsWith("hub.")))
        .hasSizeGreaterThan(80)
        .allSatisfy(key -> assertThat(known).as(key).anyMatch(key::matches));
  }
}
