package routes.backup.retention;

import org.springframework.stereotype.Component;
import routes.backup.catalogue.CopyFindings;
import routes.backup.catalogue.SnapshotCatalogue;
import routes.backup.catalogue.SnapshotEvents;
import routes.backup.repositories.Copies;
import routes.backup.repositories.Repositories;
import routes.backup.repositories.RepositoryLeases;

/** Opens what retention and sweeps clean up. */
@Component
public class BackupLocations {

  private final Repositories repositories;
  private final Copies copies;
  private final RepositoryLeases leases;
  private final SnapshotCatalogue catalogue;
  private final SnapshotEvents news;
  private final CopyFindings findings;
  private final RetentionMetrics metrics;
  private final CopyMetrics copyMetrics;

  BackupLocations(
      Repositories repositories,
      Copies copies,
      RepositoryLeases leases,
      SnapshotCatalogue catalogue,
      SnapshotEvents news,
      CopyFindings findings,
      RetentionMetrics metrics,
      CopyMetrics copyMetrics) {
    this.repositories = repositories;
    this.copies = copies;
    this.leases = leases;
    this.catalogue = catalogue;
    this.news = news;
    this.findings = findings;
    this.metrics = metrics;
    this.copyMetrics = copyMetrics;
  }

  /**
   * @param copy its name; empty: the repository itself
   */
  BackupLocation open(String copy) {
    return copy.isEmpty()
        ? new RepositoryLocation(repositories.open(), leases, catalogue, news, metrics)
        : new CopyLocation(
            copy, copies.open(copy), repositories.open(), leases.at(copy), findings, copyMetrics);
  }
}
