package routes.jobs.triggers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import routes.HubTest;
import routes.jobs.ledger.Run;
import routes.jobs.runs.Runs;

/**
 * Tests of triggers: each declares its own from the template, fires it at instants of its own
 * choice, and takes it away again.
 */
abstract class DeclaredTriggers extends HubTest {

  protected static final Instant MIDNIGHT = Instant.parse("2026-03-10T00:00:00Z");

  @Autowired protected BeanFactory beans;
  @Autowired protected Triggers triggers;
  @Autowired protected TriggerStates states;
  @Autowired protected TriggerCatalogue catalogue;

  protected final String name = "t" + UUID.randomUUID().toString().substring(0, 8);
  protected final String id = "test.tick/" + name;

  @AfterEach
  void takeAway() throws Exception {
    states.switchAll(true, "test");
    if (camel.getRoute(name) != null) {
      camel.getRouteController().stopRoute(name);
      camel.removeRoute(name);
      catalogue.afterApplicationStart(camel);
    }
  }

  protected void declare(String cron, Map<String, String> more) throws Exception {
    declare(cron, more, true);
  }

  protected void declare(String cron, Map<String, String> more, boolean started) throws Exception {
    TemplatedRouteBuilder route =
        TemplatedRouteBuilder.builder(camel, TriggerCatalogue.TEMPLATE)
            .routeId(name)
            .parameter("job", "test.tick")
            .parameter("name", name)
            .parameter("cron", cron)
            .parameter("params", "{\"text\": \"" + name + "\"}")
            .parameter("what", "Declared by a test");
    more.forEach(route::parameter);
    route.add();
    // With a supervising route controller, what is added to a running context waits for this.
    if (started) {
      camel.getRouteController().startRoute(name);
    }
    catalogue.afterApplicationStart(camel);
  }

  /** Writes the trigger's fire for an instant, as if Quartz had woken it then. */
  protected void fire(Instant at) {
    new FiredByHand(beans).fire(id, at);
  }

  protected List<Run> fires(String state) {
    return runs.list(new Runs.Filter(null, state, id, null, Runs.MOST_PER_PAGE));
  }

  protected UUID holdKey() {
    UUID active = UUID.randomUUID();
    jdbc.sql(
            """
            INSERT INTO hub.job_run (id, job, trigger_kind, fire_time, state, exclusive_key, requested_by,
                                     timeout_ms, fence, lease_owner, lease_until)
            VALUES (:id, 'test.tick', 'api', now(), 'running', :key, 'test', 60000,
                    nextval('hub.fence'), 'another', now() + interval '1 hour')""")
        .param("id", active)
        .param("key", "test.tick|" + name)
        .update();
    return active;
  }

  protected void freeKey(UUID active) {
    jdbc.sql(
            """
            UPDATE hub.job_run SET state = 'succeeded', finished_at = now(), lease_until = NULL
            WHERE id = :id""")
        .param("id", active)
        .update();
  }

  protected void coveredUntil(Instant until) {
    triggers.seen(catalogue.get(id), until);
    jdbc.sql("UPDATE hub.trigger_state SET covered_until = :until WHERE trigger_id = :id")
        .param("id", id)
        .param("until", java.sql.Timestamp.from(until))
        .update();
  }

  protected Instant coveredUntil() {
    return jdbc.sql("SELECT covered_until FROM hub.trigger_state WHERE trigger_id = :id")
        .param("id", id)
        .query(java.sql.Timestamp.class)
        .single()
        .toInstant();
  }
}
