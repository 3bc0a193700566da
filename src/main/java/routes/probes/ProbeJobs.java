package routes.probes;

import java.time.Duration;
import java.util.ArrayList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobDefinition;
import routes.jobs.Parameter;

/** What {@code probes.run} takes. */
@Configuration(proxyBeanMethods = false)
class ProbeJobs {

  @Bean
  JobDefinition runProbes(ProbeProperties properties) {
    return JobDefinition.of(
            "probes.run", ProbeRequest.class, "Looks at the probes now, whether due or not")
        .taking(
            Parameter.optional(
                    "probe", Parameter.Type.STRING, "", "only this one; empty: every one")
                .oneOf(() -> new ArrayList<>(properties.probes().keySet())))
        .exclusiveOver("probe")
        .timeout(Duration.ofMinutes(10));
  }
}
