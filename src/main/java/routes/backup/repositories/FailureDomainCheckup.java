package routes.backup.repositories;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.backup.config.Sources;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import routes.stores.s3.S3Properties;

/** Whether sources, repository and copies could be lost together. */
@Order(43)
record FailureDomainCheckup(
    ObjectProvider<Sources> sources,
    ObjectProvider<Repositories.Location> location,
    ObjectProvider<CopyProperties> copies,
    ObjectProvider<S3Properties> s3)
    implements Checkup {

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.copies", this::tell));
  }

  private void tell(Findings findings) {
    CopyProperties places = copies.getObject();
    List<String> shared =
        new FailureDomains(sources.getObject(), location.getObject(), places, s3.getObject()).all();
    shared.forEach(words -> findings.warn(words, ""));
    if (places.names().isEmpty()) {
      findings.warn(
          "backups are in one place only", "name a second one: hub.copies.<name>.url, elsewhere");
    } else if (shared.isEmpty()) {
      findings.ok("copies in " + String.join(", ", places.names()) + ", apart from the sources");
    }
  }
}
