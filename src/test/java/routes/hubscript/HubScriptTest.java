package routes.hubscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code ./hub} hands verbs to the command line, as a process with a jar of its own. */
class HubScriptTest extends HubScript {

  private static final String KEY = "c2VjcmV0LW9mLXRoZS10ZXN0";

  private Path checkout;
  private HttpServer server;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answers = new CountDownLatch(1);
  private volatile String answer = "{\"items\":[]}";

  /** A checkout without sources: nothing is built. */
  @BeforeEach
  void checkout() throws Exception {
    checkout = Files.createDirectory(folder.resolve("checkout"));
    copy(Path.of("hub"), checkout);
    copy(Path.of("scripts"), checkout);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "routes.cli.Cli");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Stream.of(CommandLine.class, ObjectMapper.class, JsonFactory.class, JsonProperty.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().toString())
                .collect(Collectors.joining(" ")));
    Path jar = Files.createDirectories(checkout.resolve("target/cli")).resolve("hub-cli.jar");
    Path classes =
        Path.of(
            Class.forName("routes.cli.Cli")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        Stream<Path> files = Files.walk(classes.resolve("routes/cli"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/",
        exchange -> {
          asked.countDown();
          try {
            if (exchange.getRequestURI().getPath().endsWith("/slow")) {
              answers.await();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    server.start();
    environment.put("HUB_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    environment.put("LC_ALL", "C");
    Files.writeString(Files.createDirectory(checkout.resolve(".hub")).resolve("api-key"), KEY);
  }

  @AfterEach
  void stop() {
    answers.countDown();
    server.stop(0);
  }

  @Test
  void helpNeedsNoHubAndListsTheVerbsOfBoth() throws Exception {
    server.stop(0);
    Ended help = hub("help");

    assertThat(help.code()).as(help.err()).isZero();
    assertThat(help.out()).contains("up [--once]", "chaos redis", "dead-letters", "Exit codes");
    assertThat(hub("--help").out()).isEqualTo(help.out());
    assertThat(hub("help", "drill").out()).contains("Usage: hub drill");
    assertThat(hub("jobs").code()).isEqualTo(3);
    assertThat(hub("generate-completion").out()).contains("complete -F _complete_hub");
  }

  @Test
  void itIsFoundThroughLinksAndWhateverCdpathIs() throws Exception {
    answer = "{\"items\":[{\"id\":\"a.job\"}]}";
    Files.createDirectories(folder.resolve("elsewhere/checkout"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("checkout/hub"));
    Files.createSymbolicLink(folder.resolve("bin"), folder.resolve("link"));
    environment.put("CDPATH", folder.resolve("elsewhere").toString());

    for (String command : List.of("checkout/hub", "./link", "bin")) {
      Ended ended = start(List.of("bash", command, "jobs"));
      assertThat(ended.code()).as(command + ": " + ended.err()).isZero();
      assertThat(ended.out()).contains("a.job");
    }
  }

  @Test
  void filesAreTheCallersAndTextIsUtf8WhateverTheLocale() throws Exception {
    Files.writeString(folder.resolve("key"), KEY);
    environment.put("HUB_API_KEY_FILE", "key");
    answer = "{\"dropped\":1,\"items\":[{\"id\":\"a.jöb\"}]}";

    assertThat(hub("jobs").out()).contains("a.jöb");
    assertThat(hub("pause", "ü").err()).contains("'ü' is not a trigger");
  }

  @Test
  void aReaderThatGoesAwayIsNoFailure() throws Exception {
    answer =
        "{\"items\":["
            + "{\"id\":\"%s\"},".formatted("x".repeat(1_000)).repeat(1_000)
            + "{\"id\":\"last\"}]}";

    Ended ended =
        start(
            List.of(
                "bash",
                "-c",
                "set -o pipefail; '%s' jobs | head -n 1".formatted(checkout.resolve("hub"))));

    assertThat(ended).isEqualTo(new Ended(0, ended.out(), ""));
    assertThat(ended.out()).startsWith("JOB").hasLineCount(1);
  }

  @Test
  void theKeyIsInNobodysArgumentsOrEnvironment() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", checkout.resolve("hub").toString(), "jobs", "slow");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

    for (String file : List.of("cmdline", "environ")) {
      String text =
          Files.readString(
              Path.of("/proc/" + process.pid() + "/" + file), StandardCharsets.ISO_8859_1);
      assertThat(text).isNotEmpty().doesNotContain(KEY);
    }
    answers.countDown();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoStopsWaitingIsToldThatTheRunGoesOn() throws Exception {
    assumeTrue(
        !ignoresInterrupts(), "a background job of a shell: its programs ignore Ctrl-C, too");
    answer = "{\"id\":\"slow\",\"job\":\"a.job\",\"state\":\"running\"}";
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder("bash", checkout.resolve("hub").toString(), "run", "a.job")
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.toHandle().isAlive()).isTrue();
    org.awaitility.Awaitility.await()
        .until(() -> Files.readString(err).isEmpty() && asked.getCount() == 0);
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .content()
                    .contains("hub-cli"));
    new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(err)).contains("the run goes on; ./hub run slow -f follows it");
  }

  @Test
  void anArchiveThatFitsNotIsPassedOverInSilence() throws Exception {
    Files.writeString(checkout.resolve("target/cli/hub-cli.jsa"), "no archive");

    assertThat(hub("jobs")).isEqualTo(new Ended(0, "", "hub: no jobs\n"));
  }

  private Ended hub(String... arguments) throws IOException, InterruptedException {
    return start(
        Stream.concat(Stream.of("bash", checkout.resolve("hub").toString()), Stream.of(arguments))
            .toList());
  }

  /** SIGINT is number 2; what a process ignores, its children do. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
