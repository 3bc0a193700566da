package routes.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code compose/} starts ends before it works with an empty password, be the secret empty,
 * missing, or one that cannot be read.
 */
class UnreadableSecretTest {

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0} without {2}")
  @CsvSource({
    "redis/start.sh, redis-server, redis_password",
    "redis/start.sh, redis-server, redis_hub",
    "redis/start.sh, redis-server, redis_exporter",
    "postgres/roles.sh, psql, postgres_password",
    "postgres/roles.sh, psql, postgres_hub",
    "postgres/roles.sh, psql, postgres_grafana",
    "s3/start.sh, versitygw, s3_root_user",
    "s3/start.sh, versitygw, s3_root_password",
    "s3/setup.sh, curl, s3_root_password",
    "s3/setup.sh, curl, s3_hub",
    "minio/setup.sh, mc, s3_root_user",
    "minio/setup.sh, mc, s3_hub"
  })
  void isARefusalThatNamesItsFile(String script, String program, String secret) throws Exception {
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Path worked = folder.resolve("worked");
    Path tool = tools.resolve(program);
    Files.writeString(tool, "#!/bin/sh\ntouch '" + worked + "'\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    for (String name : names()) {
      Files.writeString(secrets.resolve(name), "x");
    }
    Path broken = secrets.resolve(secret);

    Files.writeString(broken, "");
    assertRefuses(script, tools, secrets, broken, worked);
    Files.delete(broken);
    assertRefuses(script, tools, secrets, broken, worked);
    Files.createDirectory(broken); // also to root, who may read every file
    assertRefuses(script, tools, secrets, broken, worked);
  }

  private void assertRefuses(String script, Path tools, Path secrets, Path broken, Path worked)
      throws Exception {
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(Path.of("compose").resolve(script).toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    builder.environment().put("HUB_SECRETS", secrets.toString());
    builder.environment().put("HUB_DATABASE", "hub");
    builder.environment().put("HUB_S3_DATA", folder.resolve("data").toString());
    builder.environment().put("HUB_POLICIES", folder.toString());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(1);
    assertThat(said).content().contains("cannot read " + broken + ", or it is empty");
    assertThat(worked).as("not begun").doesNotExist();
  }

  /** Every secret that compose.yaml names. */
  private static Iterable<String> names() throws Exception {
    Matcher declared =
        Pattern.compile("secrets/(\\w+)")
            .matcher(Files.readString(Path.of("compose/compose.yaml")));
    return declared.results().map(found -> found.group(1)).toList();
  }
}
