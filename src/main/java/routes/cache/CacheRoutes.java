package routes.cache;

import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.springframework.stereotype.Component;
import routes.jobs.RunContext;

/** Port {@code direct:cache.warm}. */
@Component
class CacheRoutes extends EndpointRouteBuilder {

  private final CacheWarm warm;

  CacheRoutes(CacheWarm warm) {
    this.warm = warm;
  }

  @Override
  public void configure() {
    from(direct("cache.warm"))
        .routeId("cache.warm")
        .routeDescription("Makes the predictions that are asked for most")
        .choice()
        .when(exchange -> exchange.getProperty(RunContext.PROPERTY, RunContext.class).dryRun())
        .bean(warm, "plan")
        .id("cache.warm.plan")
        .otherwise()
        .bean(warm, "run")
        .id("cache.warm.run")
        .end();
  }
}
