package routes.probes;

import static java.time.Duration.ofMinutes;
import static routes.jobs.Job.job;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.ConfiguredNames;
import routes.jobs.Job;

/** The jobs of probes. */
@Configuration(proxyBeanMethods = false)
class ProbeJobs {

  @Bean
  ConfiguredNames probeNames(ProbeProperties properties) {
    return new ConfiguredNames(
        "hub.probes", "probe", () -> List.copyOf(properties.probes().keySet()));
  }

  @Bean
  Job<ProbeRequest> runProbes(ObjectProvider<ProbesRun> probes) {
    return job("probes.run", ProbeRequest.class, "Looks at the probes now, whether due or not")
        .run((request, run) -> probes.getObject().run(request, run))
        .exclusiveOver("probe")
        .timeout(ofMinutes(10));
  }
}
