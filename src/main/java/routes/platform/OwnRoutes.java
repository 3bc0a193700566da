package routes.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The user's own {@code *.camel.yaml} in {@code hub.routes.folder}. Camel stops at a folder that
 * does not exist, so it is told of the folder only when it does.
 */
@Configuration(proxyBeanMethods = false)
class OwnRoutes {

  @Bean
  static BeanPostProcessor ownRoutesFolder(Environment environment) {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof CamelConfigurationProperties camel) {
          String folder = environment.getProperty("hub.routes.folder", "");
          if (!folder.isBlank() && Files.isDirectory(Path.of(folder))) {
            String shipped = camel.getMain().getRoutesIncludePattern();
            camel.getMain().setRoutesIncludePattern(shipped + ",file:" + folder + "/*.camel.yaml");
          }
        }
        return bean;
      }
    };
  }
}
