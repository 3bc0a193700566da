package routes.jobs;

import java.util.List;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.ResolvableType;

/** A catalogue of a test's own jobs, without a hub. */
public final class TestCatalogue {

  private TestCatalogue() {}

  public static JobCatalogue of(Job<?> job, ConfiguredNames... names) {
    StaticListableBeanFactory beans = new StaticListableBeanFactory();
    beans.addBean("job", job);
    for (ConfiguredNames one : names) {
      beans.addBean(one.key(), one);
    }
    return new JobCatalogue(
        beans.getBeanProvider(ResolvableType.forClass(Job.class)),
        beans.getBeanProvider(ConfiguredNames.class));
  }

  public static ConfiguredNames names(String key, String what, List<String> names) {
    return new ConfiguredNames(key, what, () -> names);
  }
}
