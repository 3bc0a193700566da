package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import routes.repository.Repository;

/**
 * All there is to know about a snapshot: where it came from and which chunks make it up.
 *
 * @param format version of this form, {@link #FORMAT}
 * @param source name of the source, {@code [a-z0-9][a-z0-9-]{0,62}}
 * @param kind what the source is: {@code postgres}, …
 * @param hub id of the hub that wrote it
 * @param run id of the run that wrote it
 * @param attempt attempt of that run, ≥ 1
 * @param takenAt the moment the content is of
 * @param finishedAt when the last chunk was stored
 * @param server the source's identity: version, database, encoding, collate, ctype,
 *     systemIdentifier, lsn, …; JSON values only
 * @param tools program → version
 * @param traceId trace of the run, null when there was none
 * @param encryption {@code none} or {@code age}
 * @param recipients whom the chunks are sealed for, sorted; null without encryption
 * @param key names the repository's key together with these; null without encryption
 * @param entries in the order they are to be read by someone who restores
 */
@JsonPropertyOrder({
  "format",
  "source",
  "kind",
  "hub",
  "run",
  "attempt",
  "takenAt",
  "finishedAt",
  "server",
  "tools",
  "traceId",
  "encryption",
  "recipients",
  "key",
  "totals",
  "entries"
})
public record Manifest(
    int format,
    String source,
    String kind,
    String hub,
    String run,
    int attempt,
    Instant takenAt,
    Instant finishedAt,
    Map<String, Object> server,
    Map<String, String> tools,
    String traceId,
    String encryption,
    List<String> recipients,
    String key,
    Totals totals,
    List<Entry> entries) {

  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");

  /** The version of the format that this code writes, and the newest it reads. */
  public static final int FORMAT = 1;

  /** What {@code encryption} says when chunks are not encrypted. */
  public static final String NOT_ENCRYPTED = "none";

  /** What it says when they are age files. */
  public static final String AGE = "age";

  /**
   * @throws IllegalArgumentException when something is missing or the totals differ from the
   *     entries
   */
  public Manifest {
    if (source == null
        || kind == null
        || hub == null
        || run == null
        || takenAt == null
        || finishedAt == null
        || encryption == null
        || totals == null
        || entries == null) {
      throw new IllegalArgumentException(
          "a manifest needs source, kind, hub, run, takenAt, finishedAt, encryption, totals, entries");
    }
    SnapshotId.checkSource(source);
    if (encryption.equals(AGE)) {
      if (recipients == null
          || recipients.isEmpty()
          || key == null
          || !FINGERPRINT.matcher(key).matches()) {
        throw new IllegalArgumentException("a manifest with encryption needs recipients and key");
      }
      recipients = List.copyOf(recipients);
    } else if (!encryption.equals(NOT_ENCRYPTED)) {
      throw new IllegalArgumentException("unknown encryption '" + encryption + "'");
    }
    server = server == null ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(server));
    tools = tools == null ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(tools));
    entries = List.copyOf(entries);
    Totals sums = Totals.of(entries, totals.newBytes());
    if (!sums.equals(totals)) {
      throw new IllegalArgumentException("totals are " + totals + " but entries sum to " + sums);
    }
  }

  /** A manifest as a backup makes it; {@link Repository#publish} fills in the encryption. */
  public Manifest(
      int format,
      String source,
      String kind,
      String hub,
      String run,
      int attempt,
      Instant takenAt,
      Instant finishedAt,
      Map<String, Object> server,
      Map<String, String> tools,
      String traceId,
      String encryption,
      Totals totals,
      List<Entry> entries) {
    this(
        format,
        source,
        kind,
        hub,
        run,
        attempt,
        takenAt,
        finishedAt,
        server,
        tools,
        traceId,
        encryption,
        null,
        null,
        totals,
        entries);
  }

  public Manifest sealedFor(List<String> recipients, String key) {
    return new Manifest(
        format,
        source,
        kind,
        hub,
        run,
        attempt,
        takenAt,
        finishedAt,
        server,
        tools,
        traceId,
        AGE,
        recipients,
        key,
        totals,
        entries);
  }

  @JsonIgnore
  public boolean isEncrypted() {
    return encryption.equals(AGE);
  }

  /**
   * Sums over all entries.
   *
   * @param newBytes stored bytes that this run sent, the rest was in the repository already
   * @param chunks mentions of chunks, count
   */
  @JsonPropertyOrder({"rows", "plainBytes", "storedBytes", "newBytes", "chunks"})
  public record Totals(long rows, long plainBytes, long storedBytes, long newBytes, long chunks) {
    public static Totals of(List<Entry> entries, long newBytes) {
      return new Totals(
          entries.stream().mapToLong(Entry::rows).sum(),
          entries.stream().mapToLong(Entry::plainBytes).sum(),
          entries.stream().mapToLong(Entry::storedBytes).sum(),
          newBytes,
          entries.stream().mapToLong(entry -> entry.chunks().size()).sum());
    }
  }
}
