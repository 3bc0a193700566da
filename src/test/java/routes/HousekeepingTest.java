package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.junit.jupiter.api.Test;

/** What is older than a week is forgotten, and nothing else. */
@Covers("housekeeping")
class HousekeepingTest extends HubTest {

  private final String tag = UUID.randomUUID().toString();

  @Test
  void oldNotesAreForgotten() throws Exception {
    for (String age : new String[] {"8 days", "6 days"}) {
      jdbc.sql(
              "INSERT INTO hub.ingested (source, message_id, taken_at)"
                  + " VALUES (:tag, :age, now() - CAST(:age AS interval))")
          .param("tag", tag)
          .param("age", age)
          .update();
      jdbc.sql(
              "INSERT INTO hub.drop_seen (route, upload, seen_at)"
                  + " VALUES (:tag, :age, now() - CAST(:age AS interval))")
          .param("tag", tag)
          .param("age", age)
          .update();
    }

    Route route = camel.getRoute("housekeeping");
    Exchange exchange = route.getEndpoint().createExchange();
    route.getProcessor().process(exchange);

    assertThat(exchange.getException()).isNull();
    assertThat(left("SELECT message_id FROM hub.ingested WHERE source = :tag")).isEqualTo("6 days");
    assertThat(left("SELECT upload FROM hub.drop_seen WHERE route = :tag")).isEqualTo("6 days");
  }

  private String left(String sql) {
    return jdbc.sql(sql).param("tag", tag).query(String.class).single();
  }
}
