package routes.backup.repositories;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.telemetry.FolderSpace;

/** Space where a repository of files grows; a bucket has none to tell of. */
@Configuration(proxyBeanMethods = false)
class RepositorySpace {

  @Bean
  FolderSpace repositoryFolderSpace(Repositories.Location location, MeterRegistry registry) {
    return new FolderSpace("repository", location.folder(), registry);
  }
}
