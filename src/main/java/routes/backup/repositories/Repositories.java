package routes.backup.repositories;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.stereotype.Component;
import org.springframework.validation.annotation.Validated;
import routes.backup.config.EncryptionProperties;
import routes.backup.postgres.script.SqlDump;
import routes.kernel.HubProperties;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.ChunkId;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryException;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.FileObjectStore;
import routes.repository.store.ObjectStore;
import routes.repository.store.S3ObjectStore;
import routes.repository.store.StoreFullException;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens the hub's repository, anew for each run: a store that was away is found again. */
@Component
public class Repositories {

  /**
   * {@code hub.repository.*}
   *
   * @param url {@code s3://bucket/prefix} (reached by {@code hub.s3.*}) or {@code file:/folder}
   */
  @Validated
  @ConfigurationProperties("hub.repository")
  public record Location(String url) {

    public Location {
      if (url != null && !url.isBlank()) {
        check("hub.repository.url", url);
      }
    }

    /**
     * @param key of the configuration, for the message
     * @throws IllegalArgumentException when a repository cannot live there
     */
    public static void check(String key, String url) {
      URI uri = URI.create(url);
      boolean s3 = "s3".equals(uri.getScheme()) && uri.getAuthority() != null;
      boolean file = "file".equals(uri.getScheme()) && uri.getPath() != null;
      if (!s3 && !file) {
        throw new IllegalArgumentException(
            key + " is '" + url + "' but must be s3://bucket/prefix or file:/folder");
      }
    }

    /** The folder of a {@code file:} repository. */
    Optional<Path> folder() {
      return Optional.ofNullable(url)
          .filter(text -> text.startsWith("file:"))
          .map(text -> Path.of(URI.create(text).getPath()));
    }
  }

  private final Location location;
  private final String hubId;
  private final EncryptionProperties encryption;
  private final S3Client s3;
  private final Clock clock;

  public Repositories(
      Location location,
      EncryptionProperties encryption,
      HubProperties hub,
      S3Client s3,
      Clock clock) {
    this.location = location;
    this.encryption = encryption;
    this.hubId = hub.id();
    this.s3 = s3;
    this.clock = clock;
  }

  /** Id of this hub. */
  public String hubId() {
    return hubId;
  }

  /**
   * @throws PermanentException when none is configured, it belongs to another hub, or has another
   *     key
   */
  public Repository open() {
    try {
      return Repository.open(store(), hubId, encryption.encryption(), clock);
    } catch (RepositoryException e) {
      throw told(e);
    }
  }

  /** Whether snapshots hold the passwords of roles, which they do only encrypted. */
  public boolean rolePasswords() {
    return encryption.rolePasswords();
  }

  /** Where the repository lives. */
  ObjectStore store() {
    if (location.url() == null || location.url().isBlank()) {
      throw new PermanentException(
          "there is nowhere to put backups: set hub.repository.url to s3://bucket/prefix or"
              + " file:/folder");
    }
    return store(location.url(), s3, clock);
  }

  /**
   * @param url of a repository, checked
   * @param s3 reaches it when it is a bucket
   */
  public static ObjectStore store(String url, S3Client s3, Clock clock) {
    URI uri = URI.create(url);
    if (uri.getScheme().equals("file")) {
      return FileObjectStore.open(Path.of(uri.getPath()), clock);
    }
    String prefix = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
    return new S3ObjectStore(s3, uri.getAuthority(), prefix);
  }

  /** A snapshot, found and read, in the repository that holds it. */
  public record Found(Repository repository, SnapshotInfo snapshot, Manifest manifest) {}

  /**
   * Finds the snapshot a person means. The latest is the newest that this hub took itself: a dump
   * from elsewhere, however new, can neither be proven nor compared with, and is named by its id
   * unless there is nothing else.
   *
   * @param text {@code latest}, an id, or the beginning of one
   * @throws InvalidInputException naming {@code params.snapshot} when none, or several, answer to
   *     it
   * @throws PermanentException when its manifest is damaged
   */
  public Found find(String source, String text) {
    Repository repository = open();
    try {
      return find(repository, source, text);
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    } catch (RepositoryException e) {
      throw told(e);
    }
  }

  /** An imported dump is never the latest: it would stand in for the hub's own, proven backups. */
  private static Found find(Repository repository, String source, String text) {
    Found found = read(repository, repository.resolve(source, text));
    if (text.equals("latest") && SqlDump.is(found.manifest())) {
      for (SnapshotInfo older : repository.list(source)) {
        Found candidate = read(repository, older);
        if (!SqlDump.is(candidate.manifest())) {
          return candidate;
        }
      }
    }
    return found;
  }

  private static Found read(Repository repository, SnapshotInfo snapshot) {
    return new Found(repository, snapshot, repository.read(snapshot.source(), snapshot.id()));
  }

  /**
   * The same for a snapshot whose chunks are to be read.
   *
   * @throws PermanentException when it is encrypted and what opens it is not here
   */
  public Found findOpenable(String source, String text) {
    return findOpenable(open(), source, text);
  }

  /** The same in a repository that is open, such as a copy. */
  public static Found findOpenable(Repository repository, String source, String text) {
    try {
      Found found = find(repository, source, text);
      found.repository().requireOpenable(found.manifest());
      return found;
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    } catch (RepositoryException e) {
      throw told(e);
    }
  }

  /**
   * The same in a repository that is only read, whoever's it is and whatever this hub knows.
   *
   * @throws InvalidInputException naming {@code params.source} when the repository has none of it
   */
  public Found findToRestore(String source, String text) {
    try {
      return findToRestore(openReadOnly(), source, text);
    } catch (RepositoryException e) {
      throw told(e);
    }
  }

  /** The same in a repository that is open, such as a copy. */
  public static Found findToRestore(Repository repository, String source, String text) {
    try {
      List<String> sources = repository.sources();
      if (!sources.contains(source)) {
        throw new InvalidInputException(
            "params.source",
            "is '"
                + source
                + "'; "
                + repository.describe()
                + (sources.isEmpty() ? " has no snapshots" : " has " + String.join(", ", sources)));
      }
      Found found = find(repository, source, text);
      repository.requireOpenable(found.manifest());
      return found;
    } catch (UnknownSnapshotException e) {
      throw new InvalidInputException("params.snapshot", e.getMessage());
    } catch (RepositoryException e) {
      throw told(e);
    }
  }

  /** A wrong prefix is told, where {@link #open} would begin a repository there. */
  private Repository openReadOnly() {
    return Repository.openReadOnly(store(), encryption.encryption(), clock);
  }

  /** Marks a chunk as damaged, if the repository is this hub's: others look after their own. */
  public void quarantine(Repository read, ChunkId chunk, String why) {
    if (read.hub().equals(hubId)) {
      open().quarantine(chunk, why);
    }
  }

  /** A failure in the hub's terms: what no repeat heals is a {@link PermanentException}. */
  public static RuntimeException told(RepositoryException failure) {
    return failure.mayHeal() ? failure : new PermanentException(failure.getMessage(), failure);
  }

  /**
   * What somebody who waits for the answer asks of the repository.
   *
   * @throws HttpException in its words: 507 when it is full, 503 when it cannot be reached or used
   */
  public static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (StoreFullException e) {
      throw new HttpException(507, "Insufficient storage", e.getMessage(), Map.of());
    } catch (RepositoryException | PermanentException e) {
      throw new HttpException(503, "Unavailable", e.getMessage(), Map.of());
    }
  }
}
