package routes.artifacts;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/** Port {@code direct:buckets.apply}. */
@Component
class BucketRoutes extends EndpointRouteBuilder {

  private final BucketsApply apply;

  BucketRoutes(BucketsApply apply) {
    this.apply = apply;
  }

  @Override
  public void configure() {
    from(direct("buckets.apply"))
        .routeId("buckets.apply")
        .routeDescription("Makes the platform's buckets as configured")
        .choice()
        .when(exchange -> exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun())
        .bean(apply, "plan")
        .id("buckets.apply.plan")
        .otherwise()
        .bean(apply, "run")
        .id("buckets.apply.run")
        .end();
  }
}
