package routes.backup.repositories;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.backup.config.EncryptionProperties;
import routes.kernel.HubProperties;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.format.RepositoryException;
import routes.repository.store.ObjectStore;
import routes.stores.s3.S3Clients;
import routes.stores.s3.S3Properties;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Where backups are to live: that an object can be written, read, kept from a second writer and
 * deleted there. The probe lies below {@code doctor/} and is removed.
 */
@Order(40)
record RepositoryCheckup(
    ObjectProvider<Repositories.Location> location,
    ObjectProvider<EncryptionProperties> encryption,
    ObjectProvider<HubProperties> hub,
    ObjectProvider<S3Properties> s3,
    Clock clock)
    implements Checkup {

  private static final long LITTLE = 5L << 30;

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.repository", this::tell));
  }

  private void tell(Findings findings) throws Exception {
    Optional<Path> folder = location.getObject().folder();
    if (folder.isPresent() && !space(folder.get(), findings)) {
      return;
    }
    try (S3Client client = S3Clients.impatient(s3.getObject())) {
      Repositories repositories =
          new Repositories(
              location.getObject(), encryption.getObject(), hub.getObject(), client, clock);
      ObjectStore store = repositories.store();
      look(store, repositories.hubId(), findings);
    } catch (PermanentException | RepositoryException e) {
      findings.fail(e.getMessage(), "");
    } finally {
      if (folder.isPresent()) {
        removeIfEmpty(folder.get().resolve("doctor"));
      }
    }
  }

  private void look(ObjectStore store, String hubId, Findings findings) {
    String owner = owner(store, hubId);
    String key = "doctor/" + UUID.randomUUID();
    byte[] probe = "written by the hub's doctor".getBytes(StandardCharsets.UTF_8);
    try {
      if (!store.create(key, probe)) {
        findings.fail(store.describe() + " says that an unused name is taken", "");
        return;
      }
      if (store.create(key, new byte[1])) {
        findings.fail(
            store.describe() + " lets a second writer overwrite what exists",
            "take a store that honours If-None-Match: AWS S3, MinIO since 2024, Ceph, Garage 2");
        return;
      }
      if (!store.get(key, probe.length).map(read -> Arrays.equals(read, probe)).orElse(false)
          || store.list("doctor/").noneMatch(info -> info.key().equals(key))) {
        findings.fail(store.describe() + " does not give back what was just written", "");
        return;
      }
    } finally {
      store.delete(key);
    }
    if (store.size(key).isPresent()) {
      findings.fail(store.describe() + " kept " + key + ", which was deleted", "delete it");
      return;
    }
    findings.ok(store.describe() + ": " + owner + "; can be written once, read, listed, deleted");
  }

  /** Nothing is made here: the first backup makes the repository. */
  private String owner(ObjectStore store, String hubId) {
    if (store.size("repository.json").isEmpty()) {
      return "new, the first backup makes it";
    }
    String owner = Repository.openReadOnly(store, clock).hub();
    if (!owner.equals(hubId)) {
      throw new PermanentException(
          "%s belongs to hub %s, not to %s: use another prefix, or set hub.id"
              .formatted(store.describe(), owner, hubId));
    }
    return "this hub's";
  }

  /**
   * @return false when there is nothing more to look at
   */
  private static boolean space(Path folder, Findings findings) throws IOException {
    Path there = folder.toAbsolutePath().normalize();
    if (Files.notExists(there)) {
      findings.warn(
          there + " is missing: the first backup makes it", "mount it, if it should be there");
      return false;
    }
    long free = there.toFile().getUsableSpace();
    if (free < LITTLE) {
      findings.warn(
          there + " has " + (free >> 20) + " MiB free", "free space, or take another disk");
    }
    return true;
  }

  private static void removeIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (java.nio.file.DirectoryNotEmptyException e) {
      return; // another doctor's probe
    }
  }
}
