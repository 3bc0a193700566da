package routes.kernel.doctor;

import java.util.List;

/**
 * What a feature has the doctor look at. Implementations carry {@code @Order} and no
 * {@code @Component}: only the doctor's own context looks for them. What they are constructed with
 * is lazy, so that one wrong key hides no other finding.
 */
public interface Checkup {

  /** In the order they are told. They run at the same time, each on a thread of its own. */
  List<Check> checks();
}
