package routes.backup;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.platform.doctor.Check;
import routes.platform.doctor.Checkup;
import routes.platform.doctor.Findings;
import routes.platform.stores.S3Properties;

/** Whether sources, repository and copies could be lost together. */
@Order(43)
class SharedFateCheckup implements Checkup {

  private final ObjectProvider<Sources> sources;
  private final ObjectProvider<Repositories.Location> location;
  private final ObjectProvider<CopyProperties> copies;
  private final ObjectProvider<S3Properties> s3;

  SharedFateCheckup(
      ObjectProvider<Sources> sources,
      ObjectProvider<Repositories.Location> location,
      ObjectProvider<CopyProperties> copies,
      ObjectProvider<S3Properties> s3) {
    this.sources = sources;
    this.location = location;
    this.copies = copies;
    this.s3 = s3;
  }

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.copies", this::tell));
  }

  private void tell(Findings findings) {
    CopyProperties places = copies.getObject();
    List<String> shared =
        new SharedFate(sources.getObject(), location.getObject(), places, s3.getObject()).all();
    shared.forEach(words -> findings.warn(words, ""));
    if (places.names().isEmpty()) {
      findings.warn(
          "backups are in one place only", "name a second one: hub.copies.<name>.url, elsewhere");
    } else if (shared.isEmpty()) {
      findings.ok("copies in " + String.join(", ", places.names()) + ", apart from the sources");
    }
  }
}
