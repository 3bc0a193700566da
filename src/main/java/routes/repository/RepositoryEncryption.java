package routes.repository;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import routes.repository.chunks.ChunkCodec;
import routes.repository.chunks.ZstdCodec;
import routes.repository.crypto.AgeCodec;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.Identities;
import routes.repository.crypto.Recipients;
import routes.repository.crypto.RepositoryKey;
import routes.repository.format.AuthenticatedJson;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.EncryptionRefusedException;
import routes.repository.format.ForeignRepositoryException;
import routes.repository.format.LockedSnapshotException;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.store.ObjectStore;
import routes.repository.store.StoreUnavailableException;

/**
 * How one repository is sealed: its header, its keys, and what of both this hub knows. Decides what
 * may be believed, opened and written.
 *
 * <p>A hub that has a repository key takes no other from the store: whoever can write there could
 * put down a key of their own, and with it manifests of their own.
 */
final class RepositoryEncryption {
  private static final int HEADER_LIMIT = 16 << 20;

  private final ObjectStore store;
  private final Encryption told;
  private final Map<String, RepositoryKey> unwrapped = new ConcurrentHashMap<>();
  private volatile RepositoryHeader header;

  private RepositoryEncryption(ObjectStore store, Encryption told, RepositoryHeader header) {
    this.store = store;
    this.told = told;
    this.header = header;
  }

  /** Empty when there is no header. */
  static Optional<RepositoryEncryption> read(ObjectStore store, Encryption told) {
    RepositoryEncryption seals = new RepositoryEncryption(store, told, null);
    seals.readHeader();
    return Optional.of(seals).filter(s -> s.header != null);
  }

  /**
   * Makes the header of a new repository.
   *
   * @return false when another was faster
   */
  static boolean create(ObjectStore store, String hub, Instant at) {
    if (store.list(SnapshotId.PREFIX).findAny().isPresent()) {
      throw new ForeignRepositoryException(
          "%s holds snapshots but no %s: put that object back, or use an empty prefix"
              .formatted(store.describe(), RepositoryHeader.KEY));
    }
    // Not encrypted yet, whatever this hub is told: the first backup turns it on, as on an old one.
    return store.create(RepositoryHeader.KEY, RepositoryHeader.plain(hub, at).json(null));
  }

  private void readHeader() {
    Optional<byte[]> json = store.get(RepositoryHeader.KEY, HEADER_LIMIT);
    RepositoryHeader read = json.map(RepositoryHeader::parse).orElse(null);
    if (read != null && told.knowsKeys()) {
      check(read, json.get());
    }
    header = read;
  }

  private void check(RepositoryHeader read, byte[] json) {
    if (!read.isEncrypted()) {
      if (store.list(KeyFiles.PREFIX).findAny().isPresent()) {
        throw new CorruptManifestException(
            RepositoryHeader.KEY,
            "it says that nothing is encrypted, yet there are keys in %s; put the right one back"
                .formatted(KeyFiles.PREFIX));
      }
      return;
    }
    Optional<RepositoryKey> key = told.key(Recipients.named(read.recipients()), read.key());
    if (key.isEmpty()) {
      throw new EncryptionRefusedException(
          ("%s is encrypted with another key than hub.encryption.key: set it to that key, or "
                  + "put that key into hub.encryption.old-keys to change to a new one (`age -d -i "
                  + "<identity file> %s` prints it)")
              .formatted(store.describe(), KeyFiles.key(read.key())));
    }
    if (!AuthenticatedJson.verify(json, key.get().headers())) {
      throw new CorruptManifestException(
          RepositoryHeader.KEY,
          "its MAC is missing or wrong: it was not written by a hub with the repository's key");
    }
  }

  String hub() {
    return header.hub();
  }

  List<String> recipients() {
    return header.isEncrypted() ? header.recipients() : List.of();
  }

  /** Keys of the objects in {@code keys/} that are not what the header says. */
  List<String> damagedKeys() {
    if (!header.isEncrypted()) {
      return List.of();
    }
    return header.keys().entrySet().stream()
        .filter(
            known ->
                KeyFiles.read(store, known.getKey())
                    .filter(file -> KeyFiles.hash(file).equals(known.getValue()))
                    .isEmpty())
        .map(known -> KeyFiles.key(known.getKey()))
        .toList();
  }

  boolean opensKey(Identities identities) {
    return header.isEncrypted()
        && KeyFiles.open(store, header.key(), Recipients.named(header.recipients()), identities)
            .isPresent();
  }

  /**
   * Makes the header and {@code keys/} what this hub is told, before anything is written.
   *
   * @param adopted lists {@code <source>/<snapshot>} of what is there without encryption; asked
   *     only when this turns it on
   * @throws EncryptionRefusedException when it would turn encryption off
   */
  void prepare(Supplier<List<String>> adopted) {
    readHeader(); // another replica may have turned it on since
    if (header == null) {
      throw new StoreUnavailableException(
          store.describe() + " has lost " + RepositoryHeader.KEY, null);
    }
    if (!told.isOn()) {
      refuseToTurnOff();
      return;
    }
    String fingerprint = told.key().fingerprint(told.recipients());
    Optional<byte[]> file = KeyFiles.read(store, fingerprint);
    if (header.fits(told)
        && file.isPresent()
        && file.map(KeyFiles::hash).equals(Optional.ofNullable(header.keys().get(fingerprint)))) {
      return;
    }
    // Without an identity nobody can look into the file: one that is not known by its hash is
    // damaged, or was written by a replica at this very moment, and is replaced by our own.
    byte[] sealed = KeyFiles.seal(told.key(), told.recipients());
    List<String> plain = header.isEncrypted() ? header.plain() : adopted.get();
    RepositoryHeader next = header.sealing(told, KeyFiles.hash(sealed), plain);
    // The header first: keys beside a header that says "none" are the mark of a forged one.
    store.put(RepositoryHeader.KEY, next.json(told.key()));
    if (file.isPresent() || !store.create(KeyFiles.key(fingerprint), sealed)) {
      store.put(KeyFiles.key(fingerprint), sealed);
    }
    header = next;
  }

  /**
   * The last look of a hub that does not encrypt.
   *
   * @throws EncryptionRefusedException when another replica has turned encryption on meanwhile
   */
  void confirm() {
    if (!told.isOn()) {
      readHeader();
      refuseToTurnOff();
    }
  }

  private void refuseToTurnOff() {
    if (header != null && header.isEncrypted()) {
      throw new EncryptionRefusedException(
          ("%s is encrypted and hub.encryption.recipients is empty: set it, or begin a "
                  + "repository without encryption below another prefix")
              .formatted(store.describe()));
    }
  }

  /** What hashes and seals the chunks of a new snapshot, for one thread. */
  ChunkCodec sealing() {
    return told.isOn() ? AgeCodec.sealing(told.key(), told.recipients()) : new ZstdCodec();
  }

  /** The manifest as it is published. */
  byte[] sign(Manifest manifest) {
    if (!told.isOn()) {
      return RepositoryJson.write(manifest);
    }
    Manifest sealed =
        manifest.sealedFor(told.recipients().names(), told.key().fingerprint(told.recipients()));
    return AuthenticatedJson.sign(RepositoryJson.write(sealed), told.key().manifests());
  }

  /**
   * Looks whether a manifest may be believed. Without any key of the repository everything may.
   *
   * @param json the bytes it was read from
   * @throws CorruptManifestException when it may not
   */
  void check(Manifest manifest, SnapshotId id, byte[] json) {
    String at = id.manifestKey(manifest.source());
    if (!manifest.isEncrypted()) {
      boolean forged =
          told.knowsKeys() && header.isEncrypted() && !header.adopted(manifest.source(), id);
      if (forged) {
        throw new CorruptManifestException(
            at,
            "it has no MAC, and was not there when the repository was encrypted: it was not written"
                + " by a hub with the repository's key");
      }
      return;
    }
    Optional<RepositoryKey> key = key(manifest);
    if (key.isEmpty() && told.knowsKeys()) {
      throw new CorruptManifestException(
          at,
          ("it names the key %s, which this hub does not know: forged, or the key was changed "
                  + "and the one before is missing in hub.encryption.old-keys")
              .formatted(manifest.key()));
    }
    if (key.isPresent() && !AuthenticatedJson.verify(json, key.get().manifests())) {
      throw new CorruptManifestException(at, "its MAC is missing or wrong");
    }
  }

  private Optional<RepositoryKey> key(Manifest manifest) {
    Recipients recipients = Recipients.named(manifest.recipients());
    if (told.knowsKeys()) {
      return told.key(recipients, manifest.key());
    }
    return Optional.ofNullable(
        unwrapped.computeIfAbsent(
            manifest.key(),
            key -> KeyFiles.open(store, key, recipients, told.identities().get()).orElse(null)));
  }

  /**
   * What hashes and opens the chunks of a snapshot, for one thread.
   *
   * @throws LockedSnapshotException when what opens them is not here
   */
  ChunkCodec opening(Manifest manifest) {
    if (!manifest.isEncrypted()) {
      return new ZstdCodec();
    }
    Recipients recipients = Recipients.named(manifest.recipients());
    Identities identities = told.identities().get();
    if (identities.readers(recipients).isEmpty()) {
      throw new LockedSnapshotException(
          "the snapshot is encrypted for %s%s%s"
              .formatted(
                  recipients,
                  identities.isEmpty()
                      ? " and there is no identity to open it: set hub.encryption.identity-file"
                      : "; hub.encryption.identity-file holds only the identities of ",
                  String.join(", ", identities.recipients())));
    }
    RepositoryKey key =
        key(manifest)
            .orElseThrow(
                () ->
                    new LockedSnapshotException(
                        ("the snapshot's ids cannot be checked: %s is missing or damaged, and its "
                                + "key is neither hub.encryption.key nor among hub.encryption.old-keys")
                            .formatted(KeyFiles.key(manifest.key()))));
    return AgeCodec.opening(key, recipients, identities);
  }

  /** A record as it is kept: with a MAC wherever a key is known, be it from the store. */
  byte[] signRecord(byte[] json, String folder) {
    return Optional.ofNullable(told.key())
        .or(() -> unwrapped.values().stream().findFirst())
        .map(key -> AuthenticatedJson.sign(json, key.records(folder)))
        .orElse(json);
  }

  /** Whether records need a right MAC to be believed: who has no key cannot ask for one. */
  boolean checksRecords() {
    return told.knowsKeys() && header.isEncrypted();
  }

  boolean isAuthentic(byte[] record, String folder) {
    return !checksRecords()
        || told.keys().stream()
            .anyMatch(key -> AuthenticatedJson.verify(record, key.records(folder)));
  }
}
