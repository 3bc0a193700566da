package routes.backup;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;

/** What is done for metrics of backups, again and again; the jobs' own ports are declared. */
@Component
class BackupRoutes extends EndpointRouteBuilder {

  private final PendingSnapshots pending;
  private final BackupMetrics metrics;
  private final RetentionMetrics retentionMetrics;
  private final CopyMetrics copyMetrics;

  BackupRoutes(
      PendingSnapshots pending,
      BackupMetrics metrics,
      RetentionMetrics retentionMetrics,
      CopyMetrics copyMetrics) {
    this.pending = pending;
    this.metrics = metrics;
    this.retentionMetrics = retentionMetrics;
    this.copyMetrics = copyMetrics;
  }

  @Override
  public void configure() {
    from(timer("backup.metrics").period(15_000).delay(0))
        .routeId("backup.metrics")
        .routeDescription("Renews the metrics of backups from the catalogue")
        .bean(pending, "settle")
        .id("backup.metrics.settle")
        .bean(metrics, "refresh")
        .id("backup.metrics.refresh");

    from(timer("retention.metrics").period(15_000).delay(0))
        .routeId("retention.metrics")
        .routeDescription("Renews the metrics of retention from the ledger")
        .bean(retentionMetrics, "refresh")
        .id("retention.metrics.refresh")
        .bean(copyMetrics, "refresh")
        .id("retention.metrics.copies");
  }
}
