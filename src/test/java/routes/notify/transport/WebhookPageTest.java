package routes.notify.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.NotifyTargets;
import routes.notify.rules.Signatures;

/** Signatures, by the standard's own example and by the page's program. */
class WebhookPageTest {

  private static final String OTHER = "whsec_" + "QUJD".repeat(8);
  private static final byte[] BODY = "{\"a\": \"ü\"}".getBytes(StandardCharsets.UTF_8);

  /** The example of the Standard Webhooks libraries. */
  @Test
  void aSignatureIsTheStandards() {
    assertThat(
            Signatures.sign(
                List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void theProgramOfThePageTellsWhatIsGenuine(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "there is no python3");
    String page = Files.readString(Path.of("docs/formats/webhooks.md"));
    String program = page.substring(page.indexOf("```python\n") + 10, page.lastIndexOf("```"));
    String both = Signatures.sign(List.of(OTHER, NotifyTargets.SECRET), "id-1", 1000, BODY);
    String script =
        program
            + """

            headers = {"webhook-id": "id-1", "webhook-timestamp": "1000", "webhook-signature": "%s"}
            body = '{"a": "ü"}'.encode()
            print(is_genuine(["%s"], headers, body, 1100), is_genuine(["%s"], headers, body, 1100),
                  is_genuine(["%s"], headers, body, 1301), is_genuine(["%s"], headers, body + b" ", 1100),
                  is_genuine(["whsec_AAAA"], headers, body, 1100))
            """
                .formatted(
                    both, NotifyTargets.SECRET, OTHER, NotifyTargets.SECRET, NotifyTargets.SECRET);
    assertThat(run(folder, script)).isEqualTo("True True False False False\n");
  }

  private static String run(Path folder, String script) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("check.py"), script);
    Process python =
        new ProcessBuilder("/usr/bin/python3", file.toString()).redirectErrorStream(true).start();
    String out = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return out;
  }
}
