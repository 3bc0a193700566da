package routes.doctor;

import java.util.List;
import java.util.Locale;
import routes.kernel.doctor.Findings;

/** All that was found, in the order of the checks. */
record Report(List<Item> items) {

  /**
   * One line.
   *
   * @param level {@code ok}, {@code warn} or {@code fail}
   * @param what the configuration key or the thing
   * @param mend what to do about it, or empty
   */
  record Item(String level, String what, String detail, String mend) {

    static Item of(String what, Findings.Finding finding) {
      return new Item(
          finding.level().name().toLowerCase(Locale.ROOT),
          what,
          oneLine(finding.detail()),
          oneLine(finding.mend()));
    }

    private static String oneLine(String text) {
      return String.valueOf(text).replaceAll("\\p{Cntrl}+", " ");
    }
  }

  Report {
    items = List.copyOf(items);
  }

  long failed() {
    return count("fail");
  }

  /** For people: columns, failures in capitals. */
  List<String> lines() {
    int width = items.stream().mapToInt(item -> item.what().length()).max().orElse(1);
    return items.stream()
        .map(
            item ->
                String.format(
                    "%-4s  %-" + width + "s  %s%s",
                    item.level().equals("fail") ? "FAIL" : item.level(),
                    item.what(),
                    item.detail(),
                    item.mend().isEmpty() ? "" : " (" + item.mend() + ")"))
        .toList();
  }

  String summary() {
    long warnings = count("warn");
    return "%d ok, %d %s, %d failed"
        .formatted(count("ok"), warnings, warnings == 1 ? "warning" : "warnings", failed());
  }

  private long count(String level) {
    return items.stream().filter(item -> item.level().equals(level)).count();
  }
}
