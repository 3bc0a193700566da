package routes.backup.repositories;

import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import routes.backup.config.EncryptionProperties;
import routes.kernel.HubProperties;
import routes.kernel.errors.NotFoundException;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.ChunkId;
import routes.repository.format.RepositoryException;
import routes.repository.store.ObjectStore;
import routes.stores.s3.Cancellation;
import routes.stores.s3.S3Clients;
import routes.telemetry.S3Spans;
import software.amazon.awssdk.services.s3.S3Client;

/** The second places, each with a client of its own when it has an endpoint of its own. */
@Component
public class Copies {

  private final CopyProperties properties;
  private final EncryptionProperties encryption;
  private final String hubId;
  private final S3Client shared;
  private final S3Spans spans;
  private final Cancellation stops;
  private final Clock clock;
  private final Map<String, S3Client> own = new HashMap<>();

  public Copies(
      CopyProperties properties,
      EncryptionProperties encryption,
      HubProperties hub,
      S3Client shared,
      S3Spans spans,
      Cancellation stops,
      Clock clock) {
    this.properties = properties;
    this.encryption = encryption;
    this.hubId = hub.id();
    this.shared = shared;
    this.spans = spans;
    this.stops = stops;
    this.clock = clock;
  }

  public List<String> names() {
    return properties.names();
  }

  /**
   * Opens what was copied before.
   *
   * @throws NotFoundException when no copy has that name
   * @throws PermanentException when nothing was copied there yet
   */
  public Repository open(String name) {
    ObjectStore store = store(name);
    try {
      if (!Repository.isAt(store)) {
        throw new PermanentException("nothing was copied to " + name + " yet: ./hub copy " + name);
      }
      return Repository.open(store, hubId, encryption.encryption(), clock);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /**
   * Opens what was copied before to restore from it, whoever's it is.
   *
   * @throws NotFoundException when no copy has that name
   */
  public Repository openReadOnly(String name) {
    try {
      return Repository.openReadOnly(store(name), encryption.encryption(), clock);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  /** Marks a chunk of a copy as damaged, if it is of this hub's: others look after their own. */
  public void quarantine(String name, Repository read, ChunkId chunk, String why) {
    if (read.hub().equals(hubId)) {
      open(name).quarantine(chunk, why);
    }
  }

  /**
   * Where a copy is, whether something was copied there or not.
   *
   * @throws NotFoundException when no copy has that name
   */
  public ObjectStore store(String name) {
    CopyProperties.Place place = properties.copies().get(name);
    if (place == null) {
      throw new NotFoundException("copy", name, "set hub.copies." + name + ".url");
    }
    return Repositories.store(place.url(), client(name, place), clock);
  }

  private synchronized S3Client client(String name, CopyProperties.Place place) {
    return place.s3() == null
        ? shared
        : own.computeIfAbsent(name, n -> S3Clients.patient(place.s3(), spans, stops));
  }

  @PreDestroy
  synchronized void close() {
    own.values().forEach(S3Client::close);
    own.clear();
  }
}
