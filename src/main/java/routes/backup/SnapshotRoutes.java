package routes.backup;

import java.util.Map;
import org.springframework.stereotype.Component;
import routes.platform.audit.Audit;
import routes.platform.error.NotFoundException;
import routes.platform.http.ApiRequest;
import routes.platform.http.ApiRoutes;
import routes.platform.http.Page;
import routes.repository.Manifest;
import routes.repository.Repository;
import routes.repository.SnapshotDiff;
import routes.repository.SnapshotId;
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
    port(
        "api.snapshots.get",
        "Shows one snapshot with its entries",
        r -> Repositories.asked(() -> get(r)));
    port(
        "api.snapshots.diff",
        "Tells what lies between two snapshots",
        r -> Repositories.asked(() -> diff(r)));
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
    Manifest manifest = repository.read(source, find(repository, source, request.path("id")));
    audit.record(request.actor(), "snapshots.get", source + "/" + request.path("id"), Map.of());
    return manifest;
  }

  /**
   * Two snapshots of a source, compared.
   *
   * @param before id of the first one
   * @param after id of the second one
   * @param note what limits the comparison, or null
   */
  record Compared(String source, String before, String after, String note, SnapshotDiff diff) {}

  private Compared diff(ApiRequest request) {
    String source = request.path("source");
    requireKnown(source);
    Repository repository = repositories.open();
    SnapshotId before = find(repository, source, request.path("before"));
    SnapshotId after = find(repository, source, request.path("after"));
    SnapshotDiff diff =
        SnapshotDiff.of(repository.read(source, before), repository.read(source, after));
    audit.record(request.actor(), "snapshots.diff", source + "/" + before + ".." + after, Map.of());
    return new Compared(
        source,
        before.value(),
        after.value(),
        diff.comparable()
            ? null
            : "they are encrypted differently: contents are compared by rows and bytes only",
        diff);
  }

  private static SnapshotId find(Repository repository, String source, String text) {
    try {
      return repository.resolve(source, text).id();
    } catch (UnknownSnapshotException e) {
      throw new NotFoundException("snapshot", text, "see GET /api/snapshots?source=" + source);
    }
  }

  /** A source that was configured once and has snapshots still is one. */
  private void requireKnown(String source) {
    if (!sources.names().contains(source) && catalogue.list(source, 1).isEmpty()) {
      throw new NotFoundException("source", source, "see hub.sources in the configuration");
    }
  }
}
