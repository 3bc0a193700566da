package routes.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ThreadFactory;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkQuarantine;
import routes.repository.chunks.ChunkReader;
import routes.repository.chunks.ChunkUploads;
import routes.repository.chunks.EntryComparison;
import routes.repository.crypto.Encryption;
import routes.repository.crypto.Identities;
import routes.repository.format.ChunkId;
import routes.repository.format.CorruptManifestException;
import routes.repository.format.EncryptionRefusedException;
import routes.repository.format.Entry;
import routes.repository.format.ForeignRepositoryException;
import routes.repository.format.Hold;
import routes.repository.format.LockedSnapshotException;
import routes.repository.format.Manifest;
import routes.repository.format.RepositoryException;
import routes.repository.format.RepositoryJson;
import routes.repository.format.SnapshotId;
import routes.repository.format.SnapshotInfo;
import routes.repository.format.UnknownSnapshotException;
import routes.repository.store.ObjectStore;
import routes.repository.store.StoreUnavailableException;

/**
 * The backups of one hub in an object store. Safe for use by many threads, and by several replicas
 * of its hub at once: chunks are named by content and manifests are create-only, so a late writer
 * can add but never spoil.
 */
public final class Repository {
  private final ObjectStore store;
  private final Snapshots snapshots;
  private final SnapshotPublication publishing;
  private final Records drills;
  private final Records here;
  private final RepositoryEncryption seals;
  private final boolean writable;
  private final boolean created;
  private final Clock clock;

  private Repository(
      ObjectStore store,
      RepositoryEncryption seals,
      boolean writable,
      boolean created,
      Clock clock) {
    this.store = store;
    this.snapshots = new Snapshots(store, seals);
    this.publishing = new SnapshotPublication(store, snapshots, seals);
    this.drills = new Records(store, seals, Records.DRILLS);
    this.here = new Records(store, seals, Records.HERE);
    this.seals = seals;
    this.writable = writable;
    this.created = created;
    this.clock = clock;
  }

  /** Whether there is one already. */
  public static boolean isAt(ObjectStore store) {
    return store.size(RepositoryHeader.KEY).isPresent();
  }

  /** Opens a repository without encryption to write to, made on first use. */
  public static Repository open(ObjectStore store, String hub, Clock clock) {
    return open(store, hub, Encryption.NONE, clock);
  }

  /**
   * Opens a repository to write to, made on first use.
   *
   * @param hub id of this hub
   * @throws ForeignRepositoryException when it belongs to another hub or has a newer format
   * @throws EncryptionRefusedException when it has another key than the one given
   */
  public static Repository open(ObjectStore store, String hub, Encryption encryption, Clock clock) {
    if (hub.isBlank()) {
      throw new IllegalArgumentException("a repository is owned by a hub with an id");
    }
    Optional<RepositoryEncryption> found = RepositoryEncryption.read(store, encryption);
    boolean created = found.isEmpty() && RepositoryEncryption.create(store, hub, clock.instant());
    RepositoryEncryption seals =
        found
            .or(() -> RepositoryEncryption.read(store, encryption))
            .orElseThrow(() -> vanished(store));
    if (!seals.hub().equals(hub)) {
      throw new ForeignRepositoryException(
          ("%s belongs to hub %s, not to %s: set hub.id to %s to go on as that hub, or use "
                  + "another prefix; restore.postgres reads it as it is, read-only")
              .formatted(store.describe(), seals.hub(), hub, seals.hub()));
    }
    return new Repository(store, seals, true, created, clock);
  }

  /** Opens any hub's repository read-only, without what opens encrypted snapshots. */
  public static Repository openReadOnly(ObjectStore store, Clock clock) {
    return openReadOnly(store, Encryption.NONE, clock);
  }

  /**
   * Opens any hub's repository to restore from it; what would write throws {@link
   * IllegalStateException}.
   *
   * @throws ForeignRepositoryException when there is none, or it has a newer format
   * @throws EncryptionRefusedException when it has another key than the one given
   */
  public static Repository openReadOnly(ObjectStore store, Encryption encryption, Clock clock) {
    RepositoryEncryption seals =
        RepositoryEncryption.read(store, encryption)
            .orElseThrow(
                () ->
                    new ForeignRepositoryException(
                        store.describe()
                            + " is not a repository: it has no "
                            + RepositoryHeader.KEY));
    return new Repository(store, seals, false, false, clock);
  }

  private static RepositoryException vanished(ObjectStore store) {
    return new StoreUnavailableException(
        store.describe() + " does not return " + RepositoryHeader.KEY + " that was just written",
        null);
  }

  /** Id of the hub that owns it. */
  public String hub() {
    return seals.hub();
  }

  /** Whether this call of {@link #open} made it: a reason to wonder when backups were expected. */
  public boolean isNew() {
    return created;
  }

  /** Whom new snapshots are sealed for by the last backup; empty without encryption. */
  public List<String> recipients() {
    return seals.recipients();
  }

  /** Objects that hold the repository's key, of now or of before, and are missing or damaged. */
  public List<String> damagedKeys() {
    return seals.damagedKeys();
  }

  /** Whether these open the key that new snapshots are made with. */
  public boolean opensKey(Identities identities) {
    return seals.opensKey(identities);
  }

  /** Where it is, for messages. */
  public String describe() {
    return store.describe();
  }

  /**
   * Starts the uploads of one run.
   *
   * @param before the newest manifest of the source; its chunks are expected at their sizes
   * @throws EncryptionRefusedException when the repository is encrypted and this hub has nobody to
   *     encrypt for
   */
  public ChunkPipeline pipeline(ChunkPipeline.Settings settings, Optional<Manifest> before) {
    requireWritable();
    seals.prepare(snapshots::plain);
    Map<ChunkId, Integer> expected = new HashMap<>();
    before.ifPresent(
        manifest ->
            manifest.entries().stream()
                .flatMap(entry -> entry.chunks().stream())
                .forEach(ref -> expected.put(ref.id(), ref.stored())));
    return new ChunkPipeline(
        new ChunkUploads(
            store, expected, ChunkQuarantine.list(store), MarkList.marked(store), settings.rate()),
        seals::sealing,
        settings);
  }

  /**
   * Looks whether the chunks of a snapshot can be opened here, before work on them begins.
   *
   * @throws LockedSnapshotException when they cannot
   */
  public void requireOpenable(Manifest manifest) {
    seals.opening(manifest).close();
  }

  /** Whether the snapshot's chunks can be opened here: without encryption they always can. */
  public boolean isOpenable(Manifest manifest) {
    try {
      requireOpenable(manifest);
      return true;
    } catch (LockedSnapshotException e) {
      return false;
    }
  }

  /**
   * What copies snapshots to a second place.
   *
   * @param threads chunks at a time, ≥ 1
   * @param factory makes the threads
   */
  public SnapshotCopy copyTo(ObjectStore place, int threads, ThreadFactory factory) {
    return new SnapshotCopy(this, store, place, threads, factory);
  }

  /**
   * A reader of a snapshot's chunks, for one thread.
   *
   * @throws LockedSnapshotException when they cannot be opened here
   */
  public ChunkReader reader(Manifest manifest) {
    return new ChunkReader(store, seals.opening(manifest));
  }

  /**
   * Compares content with what an entry of a snapshot should be, for one thread.
   *
   * @throws LockedSnapshotException when its ids cannot be made here
   */
  public EntryComparison comparison(Manifest manifest, Entry entry) {
    return new EntryComparison(seals.opening(manifest), entry.chunks());
  }

  /** The id that a manifest has once it is published. */
  public SnapshotId idOf(Manifest manifest) {
    return publishing.id(manifest);
  }

  /**
   * Publishes a snapshot: from here on it exists. Repeating it with the same manifest is harmless.
   *
   * @param manifest without encryption, which is filled in
   * @param pipeline the one that stored its chunks, which vouches for each
   * @throws ManifestRefusedException when a chunk was not stored by this run, or was found damaged
   *     since
   */
  public SnapshotId publish(Manifest manifest, ChunkPipeline pipeline) {
    requireWritable();
    return publishing.publish(manifest, pipeline);
  }

  /**
   * Looks once more after publishing, and withdraws a snapshot that lacks a chunk. What is looked
   * for is what a sweep could have deleted meanwhile: anything, when the run did not hold its lease
   * all the time; else only what a sweep had marked before the run began, and may delete late.
   *
   * @param held whether nobody else can have swept since the pipeline was made
   * @throws ManifestRefusedException when it was withdrawn; the next attempt sends what is missing
   */
  public void confirm(Manifest manifest, SnapshotId id, ChunkPipeline pipeline, boolean held) {
    publishing.confirm(manifest, id, pipeline, held);
  }

  /** Names of all sources with a snapshot, sorted. */
  public List<String> sources() {
    return snapshots.sources();
  }

  /** The source's snapshots, newest first. */
  public List<SnapshotInfo> list(String source) {
    return snapshots.list(source);
  }

  /**
   * Finds the snapshot that a person means.
   *
   * @param text {@code latest}, an id, or the beginning of one
   * @throws UnknownSnapshotException when none or several answer to it
   */
  public SnapshotInfo resolve(String source, String text) {
    return snapshots.resolve(source, text);
  }

  /**
   * Reads a manifest.
   *
   * @throws UnknownSnapshotException when there is none
   * @throws CorruptManifestException when it is not what was published under that id, or its MAC is
   *     wrong
   */
  public Manifest read(String source, SnapshotId id) {
    return snapshots.read(source, id);
  }

  /**
   * Keeps the result of a drill beside the snapshot, replacing one of the same name.
   *
   * @param name such as the run's id: letters, digits, {@code . _ -}, at most 128
   * @param result anything that Jackson writes
   */
  public void recordDrill(String source, SnapshotId id, String name, Object result) {
    requireWritable();
    drills.put(source, id, name, result);
  }

  /** All recorded drills of a snapshot by name; with encryption those with a right MAC only. */
  public SortedMap<String, JsonNode> drills(String source, SnapshotId id) {
    return drills.list(source, id);
  }

  /** The same of what was found of the bytes in this very place; it never goes along in a copy. */
  public void recordHere(String source, SnapshotId id, String name, Object result) {
    requireWritable();
    here.put(source, id, name, result);
  }

  /** All that was recorded of this very place by name. */
  public SortedMap<String, JsonNode> foundHere(String source, SnapshotId id) {
    return here.list(source, id);
  }

  /** How many records of a snapshot have no right MAC where they need one, and do not count. */
  public int unbelieved(String source, SnapshotId id) {
    return drills.unbelieved(source, id) + here.unbelieved(source, id);
  }

  /**
   * Pins a snapshot.
   *
   * @param name of the hold: letters, digits, {@code . _ -}, at most 128
   * @return false when it has a hold of that name already, which stays as it is
   * @throws UnknownSnapshotException when there is no such snapshot, or no longer
   */
  public boolean hold(String source, SnapshotId id, String name, Hold hold) {
    requireWritable();
    String key = Holds.key(source, id, Records.checkName(name));
    boolean placed = store.create(key, RepositoryJson.write(hold));
    // After it was placed: a removal that was under way either saw it, or is seen here.
    if (store.size(id.manifestKey(source)).isEmpty()) {
      store.delete(key);
      throw new UnknownSnapshotException("source " + source + " has no snapshot " + id);
    }
    return placed;
  }

  /**
   * Takes a pin away.
   *
   * @return false when there is none of that name
   */
  public boolean release(String source, SnapshotId id, String name) {
    requireWritable();
    String key = Holds.key(source, id, Records.checkName(name));
    boolean there = store.size(key).isPresent();
    store.delete(key);
    return there;
  }

  /** All holds of a snapshot by name, also those that have ended. */
  public SortedMap<String, Hold> holds(String source, SnapshotId id) {
    return Holds.list(store, source, id);
  }

  /**
   * Removes a snapshot and what lies beside it, for good. Repeating it is harmless.
   *
   * @return false when it is held: then it is there as before
   */
  public boolean remove(String source, SnapshotId id) {
    requireWritable();
    return new SnapshotRemoval(store, clock.instant()).remove(source, id);
  }

  /**
   * What is wrong with a manifest; empty: it can be read.
   *
   * @throws UnknownSnapshotException when there is none
   */
  public Optional<String> damage(String source, SnapshotId id) {
    return aside().damage(source, id);
  }

  /**
   * Takes a manifest that cannot be read out of the listing, and keeps its bytes below {@code
   * set-aside/}. A sweep deletes what only it named, a grace time after the next sweep marked it.
   *
   * @param reason a person's words
   * @throws IllegalArgumentException when it can be read
   * @throws UnknownSnapshotException when there is none
   */
  public void setAside(String source, SnapshotId id, String by, String reason) {
    requireWritable();
    aside().setAside(source, id, by, reason);
  }

  /** Whether it was set aside, and is not among the snapshots again. */
  public boolean isSetAside(String source, SnapshotId id) {
    return aside().isDone(source, id);
  }

  private ManifestQuarantine aside() {
    return new ManifestQuarantine(store, snapshots, clock.instant());
  }

  /**
   * Deletes what no snapshot has named for a while; see {@link Sweep}.
   *
   * @param run names what it marks: letters, digits, {@code . _ -}, at most 128
   * @param grace how long a mark must stand before its chunk goes
   * @throws CorruptManifestException when a manifest cannot be read; nothing was deleted
   */
  public Sweep.Swept sweep(String run, Duration grace, Sweep.Watch watch) {
    requireWritable();
    return new Sweep(store, snapshots, grace, clock, watch).run(Records.checkName(run));
  }

  /**
   * Marks a chunk that failed verification: the next backup that meets its content sends it again.
   */
  public void quarantine(ChunkId id, String why) {
    requireWritable();
    ChunkQuarantine.mark(store, id, why, clock.instant());
  }

  /** Chunks that are marked and were not sent again yet. */
  public Set<ChunkId> quarantined() {
    return ChunkQuarantine.list(store);
  }

  private void requireWritable() {
    if (!writable) {
      throw new IllegalStateException(
          describe() + " is open read-only: it belongs to hub " + hub());
    }
  }
}
