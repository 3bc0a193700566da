package routes.backup.imports;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a dump was taken. Pure.
 *
 * @param inName finds it in a file's name; null: the time of change is taken
 * @param zone whose wall clock names tell
 */
record DumpTime(Pattern inName, ZoneId zone) {

  /**
   * @param modified the file's time of change, for names that tell none
   */
  Instant of(String name, Instant modified) {
    if (inName == null) {
      return modified;
    }
    Matcher matcher = inName.matcher(name);
    for (int from = 0; matcher.find(from); from = matcher.start() + 1) {
      if (matcher.end() == matcher.start()) {
        break; // a pattern that fits nothing at all
      }
      try {
        return LocalDateTime.of(
                part(matcher, 1, 0),
                part(matcher, 2, 1),
                part(matcher, 3, 1),
                part(matcher, 4, 0),
                part(matcher, 5, 0),
                part(matcher, 6, 0))
            .atZone(zone)
            .toInstant();
      } catch (DateTimeException | NumberFormatException e) {
        continue; // digits that are no time; others may begin within them
      }
    }
    return modified;
  }

  private static int part(Matcher matcher, int group, int otherwise) {
    String text = group <= matcher.groupCount() ? matcher.group(group) : null;
    return text == null || text.isEmpty() ? otherwise : Integer.parseInt(text);
  }
}
