package routes.real;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import routes.contract.MlflowContract;
import routes.devservices.MlflowRecording;

/**
 * A real MLflow keeps the contract. {@code -Dhub.mlflow.record=<url>} takes the MLflow there
 * instead of the running one, and writes what it says for the simulator: {@code
 * src/test/resources/mlflow/record.sh}.
 */
@Tag("real")
class MlflowRealTest extends MlflowContract {

  private final RealServers servers = new RealServers();
  private final String recorded = System.getProperty("hub.mlflow.record", "");
  private final String label = recorded.isEmpty() ? UUID.randomUUID().toString() : "recorded";
  private final List<MlflowRecording.Exchange> exchanges = new ArrayList<>();

  @Override
  protected void assumeThere() {
    if (recorded.isEmpty()) {
      servers.assumeRunning("mlflow");
    }
  }

  @Override
  protected URI server() {
    return URI.create(recorded.isEmpty() ? "http://127.0.0.1:" + servers.port("mlflow") : recorded);
  }

  @Override
  protected String label() {
    return label;
  }

  @Override
  protected void seen(MlflowRecording.Exchange exchange) {
    exchanges.add(exchange);
  }

  @Override
  protected void delivered(String body) {
    MlflowRecording.Exchange cause = exchanges.remove(exchanges.size() - 1);
    List<String> deliveries = new ArrayList<>(cause.deliveries());
    deliveries.add(body);
    exchanges.add(
        new MlflowRecording.Exchange(
            cause.method(),
            cause.path(),
            cause.body(),
            cause.status(),
            cause.type(),
            cause.answer(),
            deliveries));
  }

  @AfterAll
  void save() throws IOException {
    if (!recorded.isEmpty()) {
      String version =
          exchanges.stream()
              .filter(exchange -> exchange.path().equals("/version"))
              .findFirst()
              .orElseThrow()
              .answer();
      new MlflowRecording(version, exchanges).save();
    }
  }
}
