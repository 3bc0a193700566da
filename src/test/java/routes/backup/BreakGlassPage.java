package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.backup.postgres.session.TestTools;
import routes.devservices.TestStores;

/** The blocks of {@code docs/break-glass.md}, to be run as somebody does who has lost the hub. */
public final class BreakGlassPage {
  private static final Path PAGE = Path.of("docs/break-glass.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```bash\\n(.*?)^```$");
  private static final Pattern SETTING = Pattern.compile("(?m)\\b([A-Z]+)=");

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  /** How a script ended, and all it said. */
  public record Ended(int code, String said) {}

  /**
   * Skips the test when a program of the page is missing here.
   *
   * @param folder for scripts and secrets
   */
  public BreakGlassPage(Path folder) throws Exception {
    this.folder = folder;
    set("PATH", TestTools.folder() + File.pathSeparator + System.getenv("PATH"));
    for (String tool :
        List.of("bash", "jq", "age", "zstd", "sha256sum", "iconv", "psql", "pg_restore")) {
      assumeTrue(
          sh("type -P " + tool, "which").code() == 0,
          tool + " is not installed: the break-glass page is not tested");
    }
  }

  public void set(String name, String value) {
    environment.put(name, value);
  }

  /** What the page's first block sets. */
  public void on(TestStores.Database server, Path repository, String source, String database)
      throws IOException {
    URI url = URI.create(server.url().replaceFirst("^jdbc:", ""));
    set("REPO", repository.toString());
    set("SOURCE", source);
    set("DATABASE", database);
    set("IDENTITY", "");
    set("PGHOST", url.getHost());
    set("PGPORT", Integer.toString(url.getPort()));
    set("PGUSER", server.username());
    set("PGPASSFILE", secret("pgpass", "*:*:*:*:" + server.password()));
  }

  /** A file of mode 0600. */
  public String secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  /** Runs all blocks but the first in one shell. */
  public Ended run() throws Exception {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    assertThat(SETTING.matcher(blocks.get(0)).results().map(m -> m.group(1)))
        .as("what the page has set is what this test sets")
        .allSatisfy(name -> assertThat(environment).containsKey(name));
    return sh(String.join("\n", blocks.subList(1, blocks.size())), "page");
  }

  public Ended sh(String script, String name) throws Exception {
    Path said = folder.resolve(name + ".out");
    Path text = Files.writeString(folder.resolve(name + ".sh"), script);
    ProcessBuilder builder = new ProcessBuilder("bash", text.toString());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ended within a minute").isTrue();
    return new Ended(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
  }
}
