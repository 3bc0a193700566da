package routes.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A dependency scan without a network: each vulnerability of {@code supply/vulnerabilities.txt} is
 * not here, or mended by the version, or by code of ours that a test keeps.
 */
class VulnerabilitiesTest {

  private static final Path LIST = Path.of("src/test/resources/supply/vulnerabilities.txt");
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d+(?:\\.\\d+)*)[\\w.+-]*\\.jar");

  /** Version by artifact, of everything on the class path. */
  private static Map<String, String> libraries() {
    Map<String, String> found = new TreeMap<>();
    Stream<String> entries =
        Stream.of("java.class.path", "surefire.test.class.path")
            .map(System::getProperty)
            .filter(path -> path != null)
            .flatMap(path -> Stream.of(path.split(File.pathSeparator)));
    entries.forEach(
        entry -> {
          Matcher jar = JAR.matcher(Path.of(entry).getFileName().toString());
          if (jar.matches()) {
            found.put(jar.group(1), jar.group(2));
          }
        });
    return found;
  }

  @TestFactory
  List<DynamicTest> everyKnownOneIsAnswered() throws IOException {
    Map<String, String> libraries = libraries();
    assertThat(libraries).as("the class path is seen").containsKeys("camel-api", "spring-core");
    return Files.readAllLines(LIST).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\\s+"))
        .map(
            known ->
                DynamicTest.dynamicTest(
                    known[0] + " " + known[1], () -> check(libraries.get(known[1]), known)))
        .toList();
  }

  /**
   * @param here version of the artifact on the class path, or null
   * @param known id, artifact, version that is fixed, answer
   */
  private static void check(String here, String[] known) throws ReflectiveOperationException {
    String answer = known[3];
    if (here == null || !older(here, known[2])) {
      assertThat(answer).as(known[1] + " is not here, or mended: say absent").isEqualTo("absent");
      return;
    }
    assertThat(answer).as(known[1] + " " + here + " is here: name the test").contains("#");
    String[] test = answer.split("#");
    assertThat(Class.forName(test[0]).getDeclaredMethods())
        .as("the test that keeps the mitigation")
        .anyMatch(method -> method.getName().equals(test[1]));
  }

  @Test
  void versionsAreComparedByNumber() {
    assertThat(older("4.17.0", "4.18.5")).isTrue();
    assertThat(older("4.9.9", "4.18.5")).isTrue();
    assertThat(older("4.18.5", "4.18.5")).isFalse();
    assertThat(older("4.22", "4.18.5")).isFalse();
  }

  private static boolean older(String version, String than) {
    int[] left = numbers(version);
    int[] right = numbers(than);
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      int a = i < left.length ? left[i] : 0;
      int b = i < right.length ? right[i] : 0;
      if (a != b) {
        return a < b;
      }
    }
    return false;
  }

  private static int[] numbers(String version) {
    return Stream.of(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }
}
