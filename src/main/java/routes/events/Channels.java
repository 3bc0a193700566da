package routes.events;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import routes.kernel.SqlFile;
import routes.messaging.outbox.EventFanout;
import routes.messaging.outbox.HubEvent;
import routes.stores.postgres.GuardPool;

/**
 * Which channels there are. Redis cannot be asked: a stream is not there before its first event,
 * nor after a flush, and a search would read every key. A channel's name is written with the first
 * event that it carries, in the same transaction, so it is known before the relay can send it.
 */
@Component
class Channels implements EventFanout {

  /** So many are read at once; no hub needs more, and each costs every reading. */
  static final int MOST = 1_000;

  private final JdbcClient jdbc;
  private final JdbcClient guard;
  private final Set<String> noted = ConcurrentHashMap.newKeySet();
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  Channels(
      JdbcClient jdbc,
      @Qualifier(GuardPool.NAME) javax.sql.DataSource guard,
      EventsProperties properties) {
    this.jdbc = jdbc;
    this.guard = JdbcClient.create(guard);
    known.addAll(properties.channels());
  }

  @Override
  public void appended(String channel, HubEvent event) {
    if (!noted.contains(channel)) {
      jdbc.sql(SqlFile.load("events/channel-note")).param("name", channel).update();
    }
  }

  /** Reads the names anew, which other replicas may have written. */
  void refresh() {
    for (String name :
        guard.sql(SqlFile.load("events/channels")).param("most", MOST).query(String.class).list()) {
      noted.add(name);
      add(name);
    }
  }

  /**
   * A client has named them: they are looked at from now on, events or not.
   *
   * @return false when there are too many
   */
  boolean add(Collection<String> names) {
    return names.stream().allMatch(this::add);
  }

  private boolean add(String name) {
    return known.contains(name) || known.size() < MOST && known.add(name) || known.contains(name);
  }

  /** In the order in which events of one id are told. */
  Set<String> all() {
    return new TreeSet<>(known);
  }
}
