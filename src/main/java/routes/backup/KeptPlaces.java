package routes.backup;

import org.springframework.stereotype.Component;

/** Opens what retention and sweeps clean up. */
@Component
class KeptPlaces {

  private final Repositories repositories;
  private final Copies copies;
  private final RepositoryLeases leases;
  private final SnapshotCatalogue catalogue;
  private final SnapshotNews news;
  private final CopyFindings findings;
  private final RetentionMetrics metrics;
  private final CopyMetrics copyMetrics;

  KeptPlaces(
      Repositories repositories,
      Copies copies,
      RepositoryLeases leases,
      SnapshotCatalogue catalogue,
      SnapshotNews news,
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
  Kept open(String copy) {
    return copy.isEmpty()
        ? new KeptRepository(repositories.open(), leases, catalogue, news, metrics)
        : new KeptCopy(
            copy, copies.open(copy), repositories.open(), leases.at(copy), findings, copyMetrics);
  }
}
