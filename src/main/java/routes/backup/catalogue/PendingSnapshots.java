package routes.backup.catalogue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.backup.catalogue.SnapshotCatalogue.Key;
import routes.backup.repositories.Repositories;
import routes.repository.Repository;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotId;
import routes.repository.format.UnknownSnapshotException;

/**
 * Snapshots that were about to be published when their hub was killed. Whoever wants to know which
 * snapshots there are settles these first, so that none that is published is missing.
 */
@Component
public class PendingSnapshots {

  private static final Logger LOG = LoggerFactory.getLogger(PendingSnapshots.class);

  private final SnapshotCatalogue catalogue;
  private final Repositories repositories;
  private final SnapshotEvents news;

  PendingSnapshots(SnapshotCatalogue catalogue, Repositories repositories, SnapshotEvents news) {
    this.catalogue = catalogue;
    this.repositories = repositories;
    this.news = news;
  }

  /** Lists those that the repository has. */
  public void settle() {
    for (Key key : catalogue.pending()) {
      try {
        settle(repositories.open(), key);
      } catch (RepositoryException e) {
        LOG.warn(
            "cannot check in the repository whether snapshot {}/{} was published: {}; it is listed once"
                + " the repository answers",
            key.source(),
            key.id(),
            e.getMessage());
        return;
      }
    }
  }

  private void settle(Repository repository, Key key) {
    SnapshotId id = new SnapshotId(key.id());
    try {
      news.known(repository.read(key.source(), id), id);
    } catch (UnknownSnapshotException e) {
      catalogue.giveUp(key);
    } catch (CorruptManifestException e) {
      LOG.warn("{}: backup.catalogue.rebuild reports it each time it runs", e.getMessage());
      catalogue.forget(key);
    }
  }
}
