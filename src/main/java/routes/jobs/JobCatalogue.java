package routes.jobs;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import routes.platform.error.NotFoundException;

/** Every job of this hub, by id. */
@Component
public class JobCatalogue {

  private final Map<String, JobDefinition> byId = new TreeMap<>();

  JobCatalogue(List<JobDefinition> definitions) {
    for (JobDefinition definition : definitions) {
      if (byId.put(definition.id(), definition) != null) {
        throw new IllegalStateException("two jobs are called " + definition.id());
      }
    }
  }

  /**
   * @throws NotFoundException when there is none
   */
  public JobDefinition get(String id) {
    JobDefinition definition = byId.get(id);
    if (definition == null) {
      throw new NotFoundException("job", id, "see GET /api/jobs, or ./hub jobs");
    }
    return definition;
  }

  public boolean has(String id) {
    return byId.containsKey(id);
  }

  public Collection<JobDefinition> all() {
    return byId.values();
  }
}
