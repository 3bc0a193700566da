package routes.backup.config;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.backup.care.*}: how much of a production server, and of the way to the repository, one
 * backup may take.
 *
 * @param readRate rows read a second, as text, all tables of a backup together; 0: as fast as they
 *     come; default 0
 * @param uploadRate stored bytes sent a second, by one backup; 0: no limit; default 0
 * @param snapshotLimit longest that a backup may hold its snapshot, which keeps VACUUM from
 *     removing what was deleted since; a warning comes at half of it, and at the limit the backup
 *     fails; 0: no limit; default 12 h
 */
@Validated
@ConfigurationProperties("hub.backup.care")
public record CareProperties(
    @NotNull @DefaultValue("0") DataSize readRate,
    @NotNull @DefaultValue("0") DataSize uploadRate,
    @NotNull @DefaultValue("12h") Duration snapshotLimit) {

  public CareProperties {
    if (readRate.isNegative() || uploadRate.isNegative() || snapshotLimit.isNegative()) {
      throw new IllegalArgumentException("hub.backup.care.*: nothing here may be negative");
    }
  }
}
