package routes.backup.config;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.backup.restore.*}
 *
 * @param maintenanceWorkMem what each session of {@code pg_restore} may use to build an index
 *     ({@code maintenance_work_mem}, which any role may set); {@code hub.backup.parallel} of them
 *     build at a time, so reckon with as many times this on the server. Never less than the
 *     server's own setting. Default 256 MB: keys of ten million rows are sorted without a file
 */
@Validated
@ConfigurationProperties("hub.backup.restore")
public record RestoreProperties(@NotNull @DefaultValue("256MB") DataSize maintenanceWorkMem) {

  public RestoreProperties {
    if (maintenanceWorkMem.isNegative() || maintenanceWorkMem.toTerabytes() >= 1) {
      throw new IllegalArgumentException(
          "hub.backup.restore.maintenance-work-mem is "
              + maintenanceWorkMem
              + " but must be from 0B (the server's own) to less than 1TB, such as 256MB");
    }
  }
}
