package routes.backup.repositories;

import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.backup.config.EncryptionProperties;
import routes.kernel.HubProperties;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.kernel.errors.PermanentException;
import routes.repository.Repository;
import routes.repository.crypto.Identities;
import routes.repository.format.RepositoryException;
import routes.repository.store.ObjectStore;
import routes.stores.s3.S3Clients;
import routes.stores.s3.S3Properties;
import software.amazon.awssdk.services.s3.S3Client;

/** Whether backups are encrypted, for whom, and whether they could be opened here. */
@Order(42)
record EncryptionCheckup(
    ObjectProvider<Repositories.Location> location,
    ObjectProvider<EncryptionProperties> encryption,
    ObjectProvider<HubProperties> hub,
    ObjectProvider<S3Properties> s3,
    Clock clock)
    implements Checkup {

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.encryption", this::tell));
  }

  private void tell(Findings findings) {
    EncryptionProperties told = encryption.getObject();
    findings.ok(
        told.isOn()
            ? "on, for " + String.join(", ", told.recipients())
            : "off: whoever can read the repository can read every backup");
    String url = location.getObject().url();
    if (url == null || url.isBlank()) {
      return; // the check of the repository reports it
    }
    try (S3Client client = S3Clients.impatient(s3.getObject())) {
      ObjectStore store =
          new Repositories(location.getObject(), told, hub.getObject(), client, clock).store();
      if (store.size("repository.json").isPresent()) {
        there(Repository.openReadOnly(store, told.encryption(), clock), told, findings);
      } else if (told.isOn()) {
        identity(told, findings, told.identities().opensAny(told.recipients()));
      }
    } catch (PermanentException | RepositoryException e) {
      findings.fail(e.getMessage(), "");
    }
  }

  private static void there(Repository repository, EncryptionProperties told, Findings findings) {
    if (repository.recipients().isEmpty()) {
      if (told.isOn()) {
        identity(told, findings, told.identities().opensAny(told.recipients()));
      }
      return;
    }
    if (!told.isOn()) {
      findings.fail(
          repository.describe() + " is encrypted, so no backup can be added to it",
          "set hub.encryption.recipients, or another prefix in hub.repository.url");
    }
    for (String damaged : repository.damagedKeys()) {
      findings.fail(
          damaged + " is missing or damaged: an identity alone restores nothing without it",
          "put it back from a copy; the next backup makes the newest one again");
    }
    identity(told, findings, repository.opensKey(told.identities()));
  }

  private static void identity(EncryptionProperties told, Findings findings, boolean opens) {
    Identities identities = told.identities();
    if (identities.isEmpty()) {
      findings.warn(
          "no identity here: backups are made, and none can be verified, drilled or restored",
          "set hub.encryption.identity-file where drills run");
    } else if (opens) {
      findings.ok("the identity in " + told.identityFile() + " opens the repository's key");
    } else {
      findings.fail(
          ("hub.encryption.identity-file %s holds only the identities of %s, which do not open "
                  + "the repository's key")
              .formatted(told.identityFile(), String.join(", ", identities.recipients())),
          "add the identity of one of the recipients");
    }
  }
}
