package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The simulators expose what the catalogue says of each service, and Prometheus looks for them. */
class SimulatorsTest {

  private static final Pattern ENTRY =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*)\\| ([^|]*)\\| [^|]*\\|$");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void eachServiceIsHealthyAndHasTheSeriesOfTheCatalogue() throws Exception {
    Map<String, Set<String>> expected = catalogue();
    assertThat(expected).hasSize(8);
    try (Simulators services = Simulators.start(key -> "0")) {
      for (Map.Entry<String, URI> service : services.addresses().entrySet()) {
        HttpResponse<String> health = get(service.getValue() + "/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
            .contains("\"healthy\"", "\"simulator\": true", "\"" + service.getKey() + "\"");
        HttpResponse<String> metrics = get(service.getValue() + "/metrics");
        assertThat(metrics.body()).startsWith("# simulator of " + service.getKey());
        assertThat(metrics.headers().firstValue("X-Simulator")).contains("true");
        assertThat(series(metrics.body()))
            .as(service.getKey())
            .isEqualTo(expected.get(service.getKey()));
      }
      assertThat(services.describe()).hasSize(8).allMatch(line -> line.endsWith("SIMULATOR"));
    }
  }

  @Test
  void aPortThatCannotBeTakenIsNamedWithItsKey() {
    try (Simulators first = Simulators.start(key -> "0")) {
      int taken = first.addresses().get("training").getPort();
      assertThatThrownBy(() -> Simulators.start(key -> key.contains("training") ? "" + taken : "0"))
          .hasMessageContaining("port " + taken)
          .hasMessageContaining("hub.dev.services.training.port");
    }
    assertThatThrownBy(() -> Simulators.start(key -> "http"))
        .hasMessageContaining("hub.dev.services.model-api.port is 'http'");
  }

  @Test
  void prometheusLooksForTheSameServices() throws Exception {
    String targets = Files.readString(Path.of("monitoring/prometheus/targets/services.yml"));
    Simulators.SERVICES.forEach(
        (name, port) -> assertThat(targets).contains("[\"" + name + ":" + port + "\"]"));
    assertThat(targets.split("targets:")).hasSize(9);
  }

  /** Series with type and labels, by service. */
  private static Map<String, Set<String>> catalogue() throws Exception {
    Map<String, Set<String>> all = new TreeMap<>();
    Simulators.SERVICES.keySet().forEach(name -> all.put(name, new TreeSet<>()));
    String text = Files.readString(Path.of("monitoring/METRICS.md"));
    String platform = text.substring(text.indexOf("## The platform"), text.indexOf("## Stores"));
    ENTRY
        .matcher(platform)
        .results()
        .forEach(
            entry -> {
              String labels =
                  String.join(
                      ",", new TreeSet<>(Set.of(entry.group(3).replaceAll("[` ]", "").split(","))));
              all.forEach(
                  (name, series) -> {
                    if (entry.group(4).equals("all eight ")
                        || Set.of(entry.group(4).strip().split(", ")).contains(name)) {
                      series.add(entry.group(1) + " " + entry.group(2) + " " + labels);
                    }
                  });
            });
    return all;
  }

  private static Set<String> series(String text) {
    Set<String> all = new TreeSet<>();
    for (MatchResult type : TYPE.matcher(text).results().toList()) {
      Set<String> labels = new TreeSet<>();
      Pattern.compile("(?m)^" + type.group(1) + "(_bucket|_sum|_count)?(\\{[^}]*})? ")
          .matcher(text)
          .results()
          .filter(sample -> sample.group(2) != null)
          .forEach(
              sample ->
                  Pattern.compile("(\\w+)=")
                      .matcher(sample.group(2))
                      .results()
                      .map(label -> label.group(1))
                      .filter(label -> !label.equals("le"))
                      .forEach(labels::add));
      all.add(type.group(1) + " " + type.group(2) + " " + String.join(",", labels));
    }
    return all;
  }

  private HttpResponse<String> get(String url) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
