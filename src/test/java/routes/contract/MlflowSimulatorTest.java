package routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import routes.devservices.MlflowRecording;
import routes.devservices.MlflowSimulator;

/** The simulator keeps the contract that the real MLflow keeps, and says what it is. */
class MlflowSimulatorTest extends MlflowContract {

  private MlflowSimulator simulator;

  @Override
  protected void assumeThere() {
    simulator = MlflowSimulator.start(0, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Override
  protected URI server() {
    return simulator.uri();
  }

  @Override
  protected String label() {
    return "recorded";
  }

  @Test
  void saysOfItselfThatItIsASimulator() throws Exception {
    assertThat(simulator.describe()).contains("SIMULATOR");
    for (String path : new String[] {"/health", "/version", "/api/2.0/mlflow/runs/get?run_id=x"}) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(server() + path)).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("simulator");
      assertThat(answer.headers().firstValue("X-Simulator").orElseThrow()).startsWith("MLflow 3.");
      assertThat(answer.statusCode()).isEqualTo(path.contains("runs") ? 501 : 200);
    }
  }

  @Test
  void whatWasRecordedIsSmall() throws Exception {
    assertThat(Files.size(MlflowRecording.FILE)).isLessThan(200_000);
  }
}
