package routes.backup.imports;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import routes.kernel.errors.PermanentException;

/** What one run has done until now, file by file. */
final class ImportTally {

  private static final int MOST_NAMED = 20;

  int imported;
  int there;
  long plainBytes;
  long newBytes;
  private final Map<String, String> refused = new LinkedHashMap<>();
  private final Map<String, String> unread = new LinkedHashMap<>();

  void refused(DumpFile file, String why) {
    refused.put(file.name(), why);
  }

  void unread(DumpFile file, String why) {
    unread.put(file.name(), why);
  }

  /**
   * @throws PermanentException naming the files that were refused
   * @throws IllegalStateException naming those that could not be read
   */
  void requireAll(String from, int files) {
    int others = imported + there;
    String rest =
        "; the other %s of %s in hub.imports.%s are in the repository"
            .formatted(others, files, from);
    if (!refused.isEmpty()) {
      throw new PermanentException("refused " + refused.size() + ": " + named(refused) + rest);
    }
    if (!unread.isEmpty()) {
      throw new IllegalStateException("cannot read " + unread.size() + ": " + named(unread) + rest);
    }
  }

  private static String named(Map<String, String> files) {
    return files.entrySet().stream()
            .limit(MOST_NAMED)
            .map(file -> file.getKey() + " " + file.getValue())
            .collect(Collectors.joining("; "))
        + (files.size() > MOST_NAMED ? "; and " + (files.size() - MOST_NAMED) + " more" : "");
  }
}
