package routes.web.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.Api;
import routes.HubTest;

/** What a client sends never becomes a header of a message, and so never an option of Camel's. */
class InjectionTest extends HubTest {

  private final AtomicReference<Map<String, Object>> seen = new AtomicReference<>();
  private final EventNotifierSupport spy =
      new EventNotifierSupport() {
        @Override
        public void notify(CamelEvent event) {
          if (event instanceof CamelEvent.ExchangeSendingEvent sending
              && sending.getEndpoint().getEndpointUri().equals("direct://own.greeting")) {
            seen.set(Map.copyOf(sending.getExchange().getMessage().getHeaders()));
          }
        }
      };

  @BeforeEach
  void listen() {
    camel.getManagementStrategy().addEventNotifier(spy);
  }

  @AfterEach
  void leave() {
    camel.getManagementStrategy().removeEventNotifier(spy);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CamelHttpUri                | http://127.0.0.1:1/
          camelsqlquery               | SELECT 1
          CAMELSQLQUERY               | DROP TABLE hub.job_run
          CamelFileName               | /etc/passwd
          cAmElFiLeNaMe               | ../../x
          CamelHttpResponseCode       | 299
          CamelExecCommandExecutable  | /bin/sh
          CamelBeanMethodName         | exit
          org.apache.camel.component  | x
          breadcrumbId                | x
          run                         | x
          answered                    | x
          job                         | no.such
          id                          | no.such
          X-Anything                  | ${sys.user.name}
          """)
  void headersAreDropped(String name, String value) {
    Api.Answer answer = admin().get("/hooks/page", name, value);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(seen.get()).isNotNull();
    assertThat(seen.get().keySet())
        .allMatch(header -> header.equals("traceparent") || header.equals("tracestate"));
    assertThat(answer.http().headers().map().keySet())
        .noneMatch(header -> header.equalsIgnoreCase(name));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "CamelHttpUri",
    "camelsqlquery",
    "CamelFileName",
    "camelhttpresponsecode",
    "Camel",
    "body",
    "id"
  })
  void queryParametersAreRefused(String name) {
    Api.Answer answer = admin().get("/hooks/page?" + name + "=x");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/field")).isEqualTo(name);
    assertThat(seen.get()).as("never came to a port").isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"${sys.user.name}", "$simple{sys.user.name}", "#{systemProperties}", "{{user.home}}"})
  void expressionsStayText(String text) {
    Api.Answer answer =
        admin().post("/api/jobs/test.echo/runs?overlap=queue", "{\"text\": \"" + text + "\"}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(ended(UUID.fromString(answer.text("/id"))).headline()).isEqualTo("said " + text);
    assertThat(answer.http().headers().map()).doesNotContainKey("CamelHttpUri");
  }
}
