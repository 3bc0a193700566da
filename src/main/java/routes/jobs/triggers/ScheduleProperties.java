package routes.jobs.triggers;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code hub.schedule.*}: when the shipped schedules fire, as {@code camel/schedules.camel.yaml}
 * names them. A cron whose last time has passed, or that never comes, is taken: only its trigger
 * stands still.
 *
 * @param zone whose clock the crons follow, such as {@code Europe/Berlin} or {@code +02:00}
 * @param backupPostgres nightly backup of every source; a Quartz cron, seconds first, as all below
 * @param backupDrill test restore of the newest snapshot of every source
 * @param backupDrillSample test restore of the snapshot that was drilled longest ago
 * @param backupCatalogue the catalogue is compared with the repository
 * @param backupVerify a share of all chunks is read and checked
 * @param backupCopy snapshots are sent to every copy that lacks them
 * @param retentionSnapshots snapshots that the policy no longer keeps are removed
 * @param backupSweep chunks that no snapshot names are removed
 * @param copiesVerify the newest snapshot in every copy is read and checked
 * @param copiesRetention as retentionSnapshots, in every copy
 * @param copiesSweep as backupSweep, in every copy
 */
@ConfigurationProperties("hub.schedule")
public record ScheduleProperties(
    String zone,
    String backupPostgres,
    String backupDrill,
    String backupDrillSample,
    String backupCatalogue,
    String backupVerify,
    String backupCopy,
    String retentionSnapshots,
    String backupSweep,
    String copiesVerify,
    String copiesRetention,
    String copiesSweep) {

  public ScheduleProperties {
    ZoneId clock = zone(zone);
    Map<String, String> crons = new TreeMap<>();
    crons.put("backup-postgres", backupPostgres);
    crons.put("backup-drill", backupDrill);
    crons.put("backup-drill-sample", backupDrillSample);
    crons.put("backup-catalogue", backupCatalogue);
    crons.put("backup-verify", backupVerify);
    crons.put("backup-copy", backupCopy);
    crons.put("retention-snapshots", retentionSnapshots);
    crons.put("backup-sweep", backupSweep);
    crons.put("copies-verify", copiesVerify);
    crons.put("copies-retention", copiesRetention);
    crons.put("copies-sweep", copiesSweep);
    crons.forEach((key, cron) -> check(key, cron, clock));
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(String.valueOf(text));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "hub.schedule.zone is '"
              + text
              + "' but must be a zone such as UTC or Europe/Berlin, or an offset as +02:00");
    }
  }

  private static void check(String key, String cron, ZoneId zone) {
    try {
      new FireTimes(TriggerDefinition.cron(String.valueOf(cron)), zone);
    } catch (java.text.ParseException e) {
      throw new IllegalArgumentException(
          "hub.schedule.%s is '%s' but must be a Quartz cron such as '0 0 2 * * ?': %s"
              .formatted(key, cron, e.getMessage()));
    }
  }
}
