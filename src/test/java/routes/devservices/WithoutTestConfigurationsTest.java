package routes.devservices;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.support.GenericApplicationContext;

class WithoutTestConfigurationsTest {

  @Test
  void theScanOfAHubStartedByHandFindsNoTest() {
    assertThat(scanned(new GenericApplicationContext())).contains("testJobs", "runner");

    GenericApplicationContext context = new GenericApplicationContext();
    new WithoutTestConfigurations().initialize(context);
    assertThat(scanned(context)).contains("runner").noneMatch(name -> name.startsWith("test"));
  }

  /** As {@code @SpringBootApplication} scans; nothing is made. */
  private static String[] scanned(GenericApplicationContext context) {
    ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(context);
    TypeExcludeFilter filter = new TypeExcludeFilter();
    filter.setBeanFactory(context.getBeanFactory());
    scanner.addExcludeFilter(filter);
    scanner.scan("routes");
    return context.getBeanDefinitionNames();
  }
}
