package routes.backup.imports;

import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.kernel.errors.NotFoundException;

/**
 * {@code hub.imports.<name>}: where dumps lie that another program made. A wrong value stops the
 * hub and names its key.
 *
 * @param imports by name, {@code [a-z0-9][a-z0-9-]{0,62}}
 */
@ConfigurationProperties("hub")
record ImportProperties(Map<String, Place> imports) {

  static final String MODIFIED = "modified";

  /** Such as {@code 2026-11-22}, {@code 20261122_0300}, {@code 2026-11-22T03:00:05}. */
  static final String USUAL_TIME =
      "(?<!\\d)(\\d{4})-?(\\d{2})-?(\\d{2})"
          + "(?:[T_. -]?(\\d{2})[-_.:h]?(\\d{2})(?:[-_.:m]?(\\d{2}))?)?(?!\\d)";

  /**
   * One of folder and URL is given.
   *
   * @param folder whose files are looked at, not those of folders in it
   * @param url {@code s3://bucket/prefix}, reached by {@code hub.s3}; the objects right below it
   * @param pattern of file names, as a shell's: {@code postgres_*.sql.gz}
   * @param timeFrom {@code modified}, or a regular expression whose groups are year, month, day
   *     and, where there, hour, minute and second of a name; a name without has the file's time of
   *     change. Default: the usual forms
   * @param zone of the times in names; default UTC
   * @param source whose backups these are: a name under {@code hub.sources}; default: this import's
   *     own name
   * @param database which one of a {@code pg_dumpall}; default: the source's own
   */
  record Place(
      Path folder,
      String url,
      @DefaultValue("*.sql*") String pattern,
      @DefaultValue(USUAL_TIME) String timeFrom,
      @DefaultValue("UTC") ZoneId zone,
      String source,
      String database) {

    DumpTime time() {
      return new DumpTime(timeFrom.equals(MODIFIED) ? null : Pattern.compile(timeFrom), zone);
    }
  }

  ImportProperties {
    imports = imports == null ? Map.of() : new TreeMap<>(imports);
    imports.forEach(ImportProperties::check);
  }

  private static void check(String name, Place place) {
    String key = "hub.imports." + name;
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          key + ": a name is 1 to 63 of a-z, 0-9 and '-', not beginning with '-'");
    }
    boolean bucket = place.url() != null && !place.url().isBlank();
    if (bucket == (place.folder() != null)) {
      throw new IllegalArgumentException(key + " needs either folder or url, s3://bucket/prefix");
    }
    if (bucket && (!place.url().startsWith("s3://") || URI.create(place.url()).getHost() == null)) {
      throw new IllegalArgumentException(key + ".url must be s3://bucket/prefix");
    }
    if (!bucket && !place.folder().isAbsolute()) {
      throw new IllegalArgumentException(key + ".folder must be absolute: " + place.folder());
    }
    try {
      FileSystems.getDefault().getPathMatcher("glob:" + place.pattern());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(key + ".pattern: " + e.getMessage());
    }
    if (!place.timeFrom().equals(MODIFIED)) {
      checkTime(key + ".time-from", place.timeFrom());
    }
  }

  private static void checkTime(String key, String regex) {
    try {
      if (Pattern.compile(regex).matcher("").groupCount() < 3) {
        throw new IllegalArgumentException(
            key + " needs groups for year, month and day, or must be " + MODIFIED);
      }
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage());
    }
  }

  List<String> names() {
    return List.copyOf(imports.keySet());
  }

  /**
   * Name of the source whose backups it holds.
   *
   * @throws NotFoundException when no place has that name
   */
  String source(String name) {
    if (name == null || !imports.containsKey(name)) {
      throw new NotFoundException("from", name, "set hub.imports." + name + ".folder or .url");
    }
    String source = imports.get(name).source();
    return source == null || source.isBlank() ? name : source;
  }
}
