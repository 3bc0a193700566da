package routes.backup.imports;

import com.github.luben.zstd.ZstdIOException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.springframework.stereotype.Component;
import routes.backup.BackupProperties;
import routes.backup.HubFacts;
import routes.backup.Repositories;
import routes.backup.RepositoryLeases;
import routes.backup.SnapshotNews;
import routes.backup.Sources;
import routes.backup.TracedThreads;
import routes.backup.postgres.SqlDump;
import routes.jobs.Plan;
import routes.jobs.RunContext;
import routes.platform.error.PermanentException;
import routes.repository.ChunkPipeline;
import routes.repository.ChunkRef;
import routes.repository.ChunkSizes;
import routes.repository.ChunkWriter;
import routes.repository.Entry;
import routes.repository.EntryKind;
import routes.repository.Manifest;
import routes.repository.PipelineStoppedException;
import routes.repository.Repository;
import routes.repository.RepositoryException;
import routes.repository.SnapshotId;

/**
 * {@code backup.import}: each file becomes a snapshot, or is refused as a whole. Nothing touches
 * the local disk, and memory does not grow with the files.
 */
@Component
class Importing {

  private static final int MOST_NAMED = 20;

  /** As retention says: what is later than this is from the future, and would stay for ever. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final ImportProperties properties;
  private final DumpFiles files;
  private final Sources sources;
  private final Repositories repositories;
  private final RepositoryLeases leases;
  private final BackupProperties backup;
  private final SnapshotNews news;
  private final HubFacts facts;
  private final Clock clock;

  Importing(
      ImportProperties properties,
      DumpFiles files,
      Sources sources,
      Repositories repositories,
      RepositoryLeases leases,
      BackupProperties backup,
      SnapshotNews news,
      HubFacts facts,
      Clock clock) {
    this.properties = properties;
    this.files = files;
    this.sources = sources;
    this.repositories = repositories;
    this.leases = leases;
    this.backup = backup;
    this.news = news;
    this.facts = facts;
    this.clock = clock;
  }

  Plan plan(ImportRequest request) {
    try {
      KnownDumps known = new KnownDumps(repositories.open(), properties.source(request.from()));
      List<Plan.Item> items = new ArrayList<>();
      for (DumpFile file : list(request.from())) {
        items.add(item(request.from(), known, file));
      }
      return new Plan(items);
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private Plan.Item item(String from, KnownDumps known, DumpFile file) {
    try {
      Instant takenAt = takenAt(from, file);
      return known
          .untouched(file)
          .map(dump -> new Plan.Item("leave", file.name(), "it is snapshot " + dump.id()))
          .orElseGet(
              () ->
                  new Plan.Item(
                      "import",
                      file.name(),
                      "as a snapshot of " + properties.source(from) + " of " + takenAt));
    } catch (RefusedException e) {
      return new Plan.Item("refuse", file.name(), e.getMessage());
    }
  }

  /** What is done until now. */
  private static final class Tally {
    private int imported;
    private int there;
    private long plainBytes;
    private long newBytes;
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final Map<String, String> unread = new LinkedHashMap<>();
  }

  /**
   * @throws PermanentException naming the files that were refused, after all others were imported
   */
  ImportOutcome run(ImportRequest request, @ExchangeProperty(RunContext.PROPERTY) RunContext run)
      throws Exception {
    long began = System.nanoTime();
    String source = properties.source(request.from());
    try (RepositoryLeases.Lease lease = leases.write(run)) {
      Repository repository = repositories.open();
      KnownDumps known = new KnownDumps(repository, source);
      List<DumpFile> all = list(request.from());
      Tally tally = new Tally();
      long total = all.stream().mapToLong(DumpFile::size).sum();
      long before = 0;
      for (DumpFile file : all) {
        run.checkpoint();
        run.progress(before, total, "bytes", file.name());
        before += file.size();
        take(new Task(request.from(), source, repository, known, lease, run), file, tally);
      }
      failUnlessAll(request.from(), all.size(), tally);
      return new ImportOutcome(
          request.from(),
          source,
          all.size(),
          tally.imported,
          tally.there,
          tally.plainBytes,
          tally.newBytes,
          Duration.ofNanos(System.nanoTime() - began));
    } catch (PipelineStoppedException e) {
      // What stopped the uploads is the failure, not that they stopped.
      throw e.getCause() instanceof RepositoryException cause ? Repositories.told(cause) : e;
    } catch (RepositoryException e) {
      throw Repositories.told(e);
    }
  }

  private record Task(
      String from,
      String source,
      Repository repository,
      KnownDumps known,
      RepositoryLeases.Lease lease,
      RunContext run) {}

  private List<DumpFile> list(String from) {
    ImportProperties.Place place = properties.imports().get(from);
    List<DumpFile> all;
    try {
      all = files.list(place);
    } catch (IOException e) {
      throw new IllegalStateException(
          "hub.imports." + from + ": cannot list " + DumpFiles.describe(place) + ": " + said(e), e);
    }
    if (all.isEmpty()) {
      throw new PermanentException(
          "hub.imports."
              + from
              + ": nothing in "
              + DumpFiles.describe(place)
              + " fits the pattern "
              + place.pattern());
    }
    return all;
  }

  private Instant takenAt(String from, DumpFile file) throws RefusedException {
    if (file.refusal() != null) {
      throw new RefusedException(file.refusal());
    }
    Instant at = properties.imports().get(from).time().of(file.name(), file.modified());
    if (at.isAfter(clock.instant().plus(AHEAD))) {
      throw new RefusedException(
          "is from the future, "
              + at
              + ": set hub.imports."
              + from
              + ".zone or .time-from, see docs/cut-over.md");
    }
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  /** One file; what is wrong with it keeps no other from being imported. */
  private void take(Task task, DumpFile file, Tally tally) {
    try {
      Instant takenAt = takenAt(task.from(), file);
      Optional<KnownDumps.Known> there = task.known().untouched(file);
      if (there.isPresent()) {
        tally.there++;
        task.run().info(file.name() + " is there: snapshot " + there.get().id());
      } else {
        read(task, file, takenAt, tally);
      }
    } catch (RefusedException e) {
      refuse(task, file, e.getMessage(), tally);
    } catch (ZstdIOException e) {
      refuse(task, file, "is damaged or cut off: " + e.getMessage(), tally);
    } catch (IOException e) {
      tally.unread.put(file.name(), said(e));
      task.run().warn(file.name() + " cannot be read: " + said(e));
    }
  }

  private static void refuse(Task task, DumpFile file, String why, Tally tally) {
    tally.refused.put(file.name(), why);
    task.run().warn("refused " + file.name() + ": " + why);
  }

  private void read(Task task, DumpFile file, Instant takenAt, Tally tally) throws IOException {
    ChunkPipeline.Settings settings =
        new ChunkPipeline.Settings(
            backup.uploads(),
            backup.uploads() + 2,
            ChunkSizes.DEFAULT,
            TracedThreads.factory("chunk-upload"));
    try (ChunkPipeline pipeline = task.repository().pipeline(settings, Optional.empty());
        RunContext.Registration halt =
            task.run()
                .onStop(
                    "uploads",
                    () -> pipeline.abort(new IllegalStateException("the run was stopped")))) {
      Manifest manifest = manifest(task, file, takenAt, pipeline);
      tally.plainBytes += manifest.totals().plainBytes();
      tally.newBytes += manifest.totals().newBytes();
      String sha256 = (String) manifest.server().get("sha256");
      Optional<KnownDumps.Known> same = task.known().same(file, takenAt, sha256);
      if (same.isPresent()) {
        tally.there++;
        // Its chunks were all seen or sent: what was damaged is healed.
        news.published(same.get().manifest(), same.get().id());
        task.run().info(file.name() + " is there: snapshot " + same.get().id());
        return;
      }
      publish(task, file, manifest, pipeline);
      tally.imported++;
    }
  }

  private void publish(Task task, DumpFile file, Manifest manifest, ChunkPipeline pipeline) {
    task.run().confirmHeld();
    task.lease().confirm();
    SnapshotId id = task.repository().publish(manifest, pipeline);
    task.repository().confirm(manifest, id, pipeline, task.lease().isHeld());
    task.known().add(new KnownDumps.Known(manifest, id));
    news.published(manifest, id);
    task.run().info("imported " + file.name() + " as snapshot " + id + ", unverified");
  }

  private Manifest manifest(Task task, DumpFile file, Instant takenAt, ChunkPipeline pipeline)
      throws IOException {
    DumpInspection inspection = new DumpInspection();
    DigestInputStream packed = new DigestInputStream(new Counted(file), sha256());
    List<ChunkRef> chunks;
    try (InputStream in = Unpacked.of(packed);
        ChunkWriter writer = pipeline.writer()) {
      Lines.copy(
          in,
          writer,
          (bytes, offset, length) -> {
            task.run().checkpoint();
            inspection.feed(bytes, offset, length);
          });
      inspection.finish();
      chunks = writer.finish();
    }
    String wanted = properties.imports().get(task.from()).database();
    String database =
        inspection.database(wanted == null ? sources.source(task.source()).database() : wanted);
    Map<String, Object> about = inspection.about();
    Map<String, Object> server = new TreeMap<>();
    Map<String, String> tools = new TreeMap<>(Map.of("hub", facts.version()));
    server.put("file", file.name());
    server.put("size", file.size());
    server.put("modified", file.modified().toString());
    server.put("sha256", HexFormat.of().formatHex(packed.getMessageDigest().digest()));
    if (database != null) {
      about.put("database", database);
      server.put("database", database);
    }
    if (inspection.serverVersion() != null) {
      server.put("version", inspection.serverVersion());
    }
    if (inspection.clientVersion() != null) {
      tools.put("pg_dump", inspection.clientVersion());
    }
    List<Entry> entries = List.of(Entry.of(EntryKind.FILE, file.name(), about, chunks));
    return new Manifest(
        Manifest.FORMAT,
        task.source(),
        SqlDump.KIND,
        task.repository().hub(),
        task.run().id().toString(),
        task.run().attempt(),
        takenAt,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        server,
        tools,
        task.run().traceId(),
        Manifest.NOT_ENCRYPTED,
        Manifest.Totals.of(entries, pipeline.counters().newBytes()),
        entries);
  }

  /** Ends with a failure when the file is not as large as it was listed. */
  private static final class Counted extends java.io.FilterInputStream {
    private final long size;
    private long count;

    Counted(DumpFile file) throws IOException {
      super(file.content().open());
      this.size = file.size();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      count += Math.max(0, read);
      if (count > size || (read < 0 && count < size)) {
        throw new RefusedException("changed while it was read: is it still being written?");
      }
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void failUnlessAll(String from, int files, Tally tally) {
    int others = tally.imported + tally.there;
    String rest =
        "; the other "
            + others
            + " of "
            + files
            + " in hub.imports."
            + from
            + " are in the repository";
    if (!tally.refused.isEmpty()) {
      throw new PermanentException(
          "refused " + tally.refused.size() + ": " + named(tally.refused) + rest);
    }
    if (!tally.unread.isEmpty()) {
      throw new IllegalStateException(
          "cannot read " + tally.unread.size() + ": " + named(tally.unread) + rest);
    }
  }

  private static String named(Map<String, String> files) {
    return files.entrySet().stream()
            .limit(MOST_NAMED)
            .map(file -> file.getKey() + " " + file.getValue())
            .collect(Collectors.joining("; "))
        + (files.size() > MOST_NAMED ? "; and " + (files.size() - MOST_NAMED) + " more" : "");
  }

  /** The system's words for it; Java's message for some is a bare path. */
  private static String said(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }
}
