package routes.backup;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/**
 * Ports {@code direct:retention.snapshots} and {@code direct:backup.sweep}. Body in: the request
 * record; body out: the outcome.
 */
@Component
class RetentionRoutes extends EndpointRouteBuilder {

  private final Retention retention;
  private final Sweeping sweeping;
  private final RetentionMetrics metrics;
  private final CopyMetrics copyMetrics;

  RetentionRoutes(
      Retention retention, Sweeping sweeping, RetentionMetrics metrics, CopyMetrics copyMetrics) {
    this.retention = retention;
    this.sweeping = sweeping;
    this.metrics = metrics;
    this.copyMetrics = copyMetrics;
  }

  @Override
  public void configure() {
    from(direct("retention.snapshots"))
        .routeId("retention.snapshots")
        .routeDescription("Removes snapshots that the policy of their source no longer keeps")
        .choice()
        .when(exchange -> exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun())
        .bean(retention, "plan")
        .id("retention.snapshots.plan")
        .otherwise()
        .bean(retention, "run")
        .id("retention.snapshots.run")
        .end();

    from(direct("backup.sweep"))
        .routeId("backup.sweep")
        .routeDescription("Deletes chunks that no snapshot has named for a while")
        .bean(sweeping, "run")
        .id("backup.sweep.run");

    from(timer("retention.metrics").period(15_000).delay(0))
        .routeId("retention.metrics")
        .routeDescription("Renews the metrics of retention from the ledger")
        .bean(metrics, "refresh")
        .id("retention.metrics.refresh")
        .bean(copyMetrics, "refresh")
        .id("retention.metrics.copies");
  }
}
