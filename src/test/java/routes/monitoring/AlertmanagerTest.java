package routes.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who hears of what: with every receiver, with some, and with none. */
class AlertmanagerTest {

  private static final Path RENDER = Path.of("monitoring/alertmanager/render.sh").toAbsolutePath();
  private static final Map<String, String> MAIL =
      Map.of("HUB_ALERT_MAIL_TO", "o'call@example.org", "HUB_ALERT_SMTP", "mail.example.org:587");

  @TempDir private Path secrets;

  @ParameterizedTest(name = "with {0}")
  @CsvSource({
    "'', 0, 0, 0, 0",
    "slack-url, 1, 0, 0, 0",
    "smtp-password, 0, 1, 0, 0",
    "webhook-url, 0, 0, 1, 0",
    "watchdog-url, 0, 0, 0, 1",
    "slack-url smtp-password webhook-url watchdog-url, 1, 1, 1, 1"
  })
  void aReceiverThatIsNotFilledInIsLeftOut(
      String filled, int slack, int mail, int webhook, int watchdog) throws IOException {
    for (String secret : filled.split(" ")) {
      if (!secret.isEmpty()) {
        Files.writeString(secrets.resolve(secret), "the-secret-itself");
      }
    }
    Files.createFile(secrets.resolve("empty"));

    String rendered = render("/run/secrets");

    Map<String, Object> critical = receiver(rendered, "critical");
    assertThat(critical.containsKey("slack_configs")).isEqualTo(slack == 1);
    assertThat(critical.containsKey("email_configs")).isEqualTo(mail == 1);
    assertThat(critical.containsKey("webhook_configs")).isEqualTo(webhook == 1);
    assertThat(receiver(rendered, "watchdog").containsKey("webhook_configs"))
        .isEqualTo(watchdog == 1);
    assertThat(receiver(rendered, "warning").size() > 1)
        .as("a warning reaches somebody when anybody is reached")
        .isEqualTo(slack + mail + webhook > 0);
    assertThat(rendered).doesNotContain("the-secret-itself");
    if (slack == 1) {
      assertThat(RuleFile.list(critical, "slack_configs").get(0).get("api_url_file"))
          .isEqualTo("/run/secrets/slack-url");
    }
    if (mail == 1) {
      assertThat(RuleFile.list(critical, "email_configs").get(0).get("to"))
          .isEqualTo("o'call@example.org");
    }
    Path file = Files.writeString(secrets.resolve("alertmanager.yml"), rendered);
    Program.Said checked =
        Program.orSkip("amtool").run(secrets, List.of("check-config", file.toString()));
    assertThat(checked.code()).as(checked.text()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "alertname=Watchdog severity=none, watchdog",
    "alertname=HubDown severity=critical, critical",
    "alertname=RunWaits severity=warning, warning",
    "alertname=TriggerPaused severity=info, info",
    "alertname=SomethingElse, warning"
  })
  void severityDecidesWhoHearsOfIt(String labels, String receiver) throws IOException {
    Path file = Files.writeString(secrets.resolve("alertmanager.yml"), render("/run/secrets"));
    Program amtool = Program.orSkip("amtool");

    Program.Said said =
        amtool.run(
            secrets,
            Stream.concat(
                    Stream.of("config", "routes", "test", "--config.file=" + file),
                    Stream.of(labels.split(" ")))
                .toList());

    assertThat(said.text().strip()).isEqualTo(receiver);
  }

  @Test
  void whatIsInhibitedIsAnAlertThatThereIs() throws IOException {
    Set<String> alerts = RuleFile.alerts().stream().map(RuleFile::name).collect(Collectors.toSet());
    Matcher named = Pattern.compile("alertname=~?\"([^\"]+)\"").matcher(render("/run/secrets"));

    while (named.find()) {
      for (String pattern : named.group(1).split("\\|")) {
        assertThat(alerts).as(pattern).anyMatch(alert -> alert.matches(pattern));
      }
    }
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    Program.Said said =
        Program.run(secrets, Map.of(), Stream.of("sh", RENDER.toString(), secrets + "/nowhere"));

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.text()).startsWith("usage:");
  }

  private String render(String seen) throws IOException {
    // What is left out is told on standard error, which is no part of the file.
    Program.Said said =
        Program.run(
            secrets,
            MAIL,
            Stream.of(
                "sh",
                "-c",
                "sh " + RENDER + " \"$1\" \"$2\" 2>/dev/null",
                "sh",
                secrets.toString(),
                seen));
    assertThat(said.code()).as(said.text()).isZero();
    return said.text();
  }

  private static Map<String, Object> receiver(String rendered, String name) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Map<String, Object> receiver :
        RuleFile.list(RuleFile.<Map<String, Object>>parse(rendered), "receivers")) {
      if (receiver.get("name").equals(name)) {
        all.putAll(receiver);
      }
    }
    return all;
  }
}
