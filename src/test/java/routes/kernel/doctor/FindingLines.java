package routes.kernel.doctor;

import java.util.List;

/** What was found, for tests of other packages. */
public final class FindingLines {

  private FindingLines() {}

  /** {@code OK …}, {@code WARN …} or {@code FAIL …}, one for each. */
  public static List<String> of(Findings findings) {
    return findings.all().stream().map(one -> one.level() + " " + one.detail()).toList();
  }
}
