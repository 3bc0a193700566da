package routes.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SqlFileTest {

  private static final Pattern LOADED = Pattern.compile("SqlFile\\.load\\(\\s*\"([^\"]+)\"\\)");

  /** Each is read when it is first needed: a wrong name would be met only then. */
  @Test
  void everyStatementThatIsNamedIsThere() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      names =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .flatMap(file -> LOADED.matcher(text(file)).results())
              .map((MatchResult found) -> found.group(1))
              .toList();
    }
    assertThat(names).hasSizeGreaterThan(100);
    assertThat(names).allSatisfy(name -> assertThat(SqlFile.load(name)).isNotBlank());
  }

  @Test
  void oneThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> SqlFile.load("jobs/none"))
        .hasMessage("no statement sql/jobs/none.sql on the class path");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
