package routes.repository;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code repository.json}: whose repository this is.
 *
 * @param format version of the layout
 * @param hub id of the hub that owns it: the only one that may write
 * @param encryption {@code none}
 */
@JsonPropertyOrder({"format", "hub", "created", "encryption"})
record RepositoryHeader(int format, String hub, Instant created, String encryption) {
  static final String KEY = "repository.json";
  private static final int LIMIT = 1 << 20;

  RepositoryHeader {
    if (hub == null || created == null || encryption == null) {
      throw new IllegalArgumentException("hub, created and encryption must be there");
    }
  }

  static Optional<RepositoryHeader> read(ObjectStore store) {
    return store.get(KEY, LIMIT).map(RepositoryHeader::parse);
  }

  private static RepositoryHeader parse(byte[] json) {
    Json.checkFormat(KEY, json, Manifest.FORMAT);
    RepositoryHeader header = Json.read(KEY, json, RepositoryHeader.class);
    if (!header.encryption.equals(Manifest.NOT_ENCRYPTED)) {
      throw new ForeignRepositoryException(
          "the repository is encrypted (" + header.encryption + "), which this hub cannot read");
    }
    return header;
  }

  /**
   * Makes the header of a new repository.
   *
   * @return false when another was faster
   */
  static boolean create(ObjectStore store, String hub, Clock clock) {
    if (store.list(SnapshotId.PREFIX).findAny().isPresent()) {
      throw new ForeignRepositoryException(
          store.describe()
              + " holds snapshots but no "
              + KEY
              + ": put that object back, or use an empty prefix");
    }
    return store.create(
        KEY,
        Json.write(
            new RepositoryHeader(Manifest.FORMAT, hub, clock.instant(), Manifest.NOT_ENCRYPTED)));
  }
}
