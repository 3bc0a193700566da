package routes.backup;

import java.util.Map;
import org.springframework.stereotype.Component;
import routes.platform.audit.Audit;
import routes.platform.error.NotFoundException;
import routes.platform.http.ApiAnswer.Page;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.repository.Manifest;
import routes.repository.Repository;
import routes.repository.UnknownSnapshotException;

/**
 * Ports {@code api.snapshots.*}. Who reads is kept in the audit trail: names of tables can tell.
 */
@Component
class SnapshotRoutes extends ApiRoutes {

  private static final int MOST_PER_PAGE = 500;

  private final SnapshotCatalogue catalogue;
  private final Repositories repositories;
  private final Sources sources;
  private final Audit audit;

  SnapshotRoutes(
      SnapshotCatalogue catalogue, Repositories repositories, Sources sources, Audit audit) {
    this.catalogue = catalogue;
    this.repositories = repositories;
    this.sources = sources;
    this.audit = audit;
  }

  @Override
  public void configure() {
    port("api.snapshots.list", "Lists snapshots, newest first", this::list);
    port("api.snapshots.get", "Shows one snapshot with its entries", this::get);
  }

  private Page<SnapshotCatalogue.Snapshot> list(ApiRequest request) {
    String source = request.query("source");
    if (source != null) {
      requireKnown(source);
    }
    int limit = (int) request.queryNumber("limit", 1, MOST_PER_PAGE, 50);
    audit.record(request.actor(), "snapshots.list", source == null ? "*" : source, Map.of());
    return Page.of(catalogue.list(source, limit));
  }

  /** The manifest as it lies in the repository, read and checked now. */
  private Manifest get(ApiRequest request) {
    String source = request.path("source");
    requireKnown(source);
    Repository repository = repositories.open();
    try {
      Manifest manifest =
          repository.read(source, repository.resolve(source, request.path("id")).id());
      audit.record(request.actor(), "snapshots.get", source + "/" + request.path("id"), Map.of());
      return manifest;
    } catch (UnknownSnapshotException e) {
      throw new NotFoundException(
          "snapshot", request.path("id"), "see GET /api/snapshots?source=" + source);
    }
  }

  /** A source that was configured once and has snapshots still is one. */
  private void requireKnown(String source) {
    if (!sources.names().contains(source) && catalogue.list(source, 1).isEmpty()) {
      throw new NotFoundException("source", source, "see hub.sources in the configuration");
    }
  }
}
