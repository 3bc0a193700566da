package routes.backup;

import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContext;
import routes.backup.config.EncryptionProperties;
import routes.backup.repositories.Repositories;
import routes.backup.retention.BackupLocations;
import routes.kernel.HubProperties;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The tests' hub on a repository of a test's own: a folder, with keys of its own. What backs up,
 * drills and restores is made anew for it; all else is the hub's.
 */
final class OtherRepository {
  private final DefaultListableBeanFactory parts;

  OtherRepository(ApplicationContext hub, Path folder, EncryptionProperties encryption) {
    parts = new DefaultListableBeanFactory(hub.getAutowireCapableBeanFactory());
    // Under the same names as in the hub, which hides the hub's.
    parts.registerSingleton(hub.getBeanNamesForType(EncryptionProperties.class)[0], encryption);
    parts.registerSingleton(
        hub.getBeanNamesForType(Repositories.class)[0],
        new Repositories(
            new Repositories.Location(folder.toUri().toString()),
            encryption,
            hub.getBean(HubProperties.class),
            hub.getBean(S3Client.class),
            hub.getBean(Clock.class)));
    parts.registerSingleton(
        hub.getBeanNamesForType(BackupLocations.class)[0], part(BackupLocations.class));
  }

  Repositories repositories() {
    return parts.getBean(Repositories.class);
  }

  /** A part of the hub, such as {@link Backup}, that works on this repository. */
  <T> T part(Class<T> type) {
    return type.cast(parts.autowire(type, AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR, false));
  }
}
