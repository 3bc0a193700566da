package routes.backup;

import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/**
 * Ports {@code direct:backup.postgres}, {@code backup.drill}, {@code backup.verify}, {@code
 * backup.catalogue.rebuild} and {@code restore.postgres}. Body in: the request record; body out:
 * the outcome, or the plan of a dry run.
 */
@Component
class BackupRoutes extends EndpointRouteBuilder {

  private final Backup backup;
  private final Drill drill;
  private final Verification verification;
  private final Restore restore;
  private final CatalogueRebuild rebuild;
  private final BackupMetrics metrics;
  private final SnapshotNews news;

  BackupRoutes(
      Backup backup,
      Drill drill,
      Verification verification,
      Restore restore,
      CatalogueRebuild rebuild,
      BackupMetrics metrics,
      SnapshotNews news) {
    this.backup = backup;
    this.drill = drill;
    this.verification = verification;
    this.restore = restore;
    this.rebuild = rebuild;
    this.metrics = metrics;
    this.news = news;
  }

  @Override
  public void configure() {
    from(direct("backup.postgres"))
        .routeId("backup.postgres")
        .routeDescription("Reads a database into the repository and publishes the snapshot")
        .choice()
        .when(BackupRoutes::dryRun)
        .bean(backup, "plan")
        .id("backup.postgres.plan")
        .otherwise()
        .bean(backup, "take")
        .id("backup.postgres.take")
        // After the manifest: the catalogue is a cache and may be rebuilt, the snapshot is there.
        .process(BackupRoutes.this::remember)
        .id("backup.postgres.catalogue")
        .transform()
        .body(Backup.Published.class, Backup::outcome)
        .id("backup.postgres.outcome")
        .end();

    from(direct("backup.drill"))
        .routeId("backup.drill")
        .routeDescription("Restores a snapshot into a scratch database and compares every row")
        .choice()
        .when(BackupRoutes::dryRun)
        .bean(drill, "plan")
        .id("backup.drill.plan")
        .otherwise()
        .bean(drill, "run")
        .id("backup.drill.run")
        .end();

    from(direct("backup.verify"))
        .routeId("backup.verify")
        .routeDescription("Reads every byte of a snapshot and checks it")
        .bean(verification, "run")
        .id("backup.verify.run");

    from(direct("restore.postgres"))
        .routeId("restore.postgres")
        .routeDescription("Restores a snapshot into a new database and compares every row")
        .choice()
        .when(BackupRoutes::dryRun)
        .bean(restore, "plan")
        .id("restore.postgres.plan")
        .otherwise()
        .bean(restore, "run")
        .id("restore.postgres.run")
        .end();

    from(direct("backup.catalogue.rebuild"))
        .routeId("backup.catalogue.rebuild")
        .routeDescription("Reads what the repository holds into the list of snapshots")
        .bean(rebuild, "run")
        .id("backup.catalogue.rebuild.run");

    from(timer("backup.metrics").period(15_000).delay(0))
        .routeId("backup.metrics")
        .routeDescription("Renews the metrics of backups from the catalogue")
        .bean(metrics, "refresh")
        .id("backup.metrics.refresh");
  }

  private static boolean dryRun(Exchange exchange) {
    return exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun();
  }

  private void remember(Exchange exchange) {
    Backup.Published published = exchange.getMessage().getBody(Backup.Published.class);
    news.published(published.manifest(), published.id());
  }
}
