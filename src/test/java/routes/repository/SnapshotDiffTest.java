package routes.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import routes.repository.SnapshotDiff.Change;
import routes.repository.SnapshotDiff.Side;
import routes.repository.SnapshotDiff.What;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkRef;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;

class SnapshotDiffTest {

  @Example
  void tellsWhatIsNewGoneAndChanged() {
    Manifest before =
        snapshot(table("gone", 1), table("grown", 2, 3), table("kept", 4), table("moved", 5));
    Manifest after =
        snapshot(table("grown", 2, 6), table("kept", 4), table("new", 7), table("renamed", 5));

    SnapshotDiff diff = SnapshotDiff.of(before, after);

    assertThat(diff.comparable()).isTrue();
    assertThat(diff.equal()).isEqualTo(1);
    assertThat(diff.changes())
        .containsExactly(
            new Change(EntryKind.TABLE, "gone", What.REMOVED, side(1, 1), null, null),
            new Change(EntryKind.TABLE, "grown", What.CHANGED, side(3, 2, 3), side(6, 2, 6), false),
            new Change(EntryKind.TABLE, "moved", What.REMOVED, side(null, 5), null, null),
            new Change(EntryKind.TABLE, "new", What.ADDED, null, side(7, 7), null),
            // Under another name, but its chunk lies there already.
            new Change(EntryKind.TABLE, "renamed", What.ADDED, null, side(null, 5), null));
  }

  @Example
  void tablesAreKnownBySchemaAndName() {
    Entry old = named("a", "b.c", "a.b.c", 1);
    Entry now = named("a", "b.c", "a.\"b.c\"", 1);
    Entry other = named("a.b", "c", "a.b.c", 2);

    assertThat(SnapshotDiff.of(snapshot(old, other), snapshot(now)).changes())
        .containsExactly(
            new Change(EntryKind.TABLE, "a.b.c", What.REMOVED, side(2, 2), null, null));
  }

  private static Entry named(String schema, String name, String label, int content) {
    return Entry.of(
        EntryKind.TABLE, label, Map.of("schema", schema, "table", name), List.of(chunk(content)));
  }

  @Example
  void aColumnThatWasRenamedIsADefinitionsChange() {
    Entry was = Entry.of(EntryKind.TABLE, "t", Map.of("columns", List.of("a")), List.of(chunk(1)));
    Entry is = Entry.of(EntryKind.TABLE, "t", Map.of("columns", List.of("b")), List.of(chunk(1)));

    SnapshotDiff diff = SnapshotDiff.of(snapshot(was), snapshot(is));

    assertThat(diff.changes())
        .containsExactly(
            new Change(EntryKind.TABLE, "t", What.CHANGED, side(null, 1), side(null, 1), true));
  }

  @Example
  void definitionsAreStampedAndSoAreOnlyAlike() {
    Entry was = Entry.of(EntryKind.DDL, "definitions", Map.of(), List.of(chunk(1)));
    Entry stamped =
        new Entry(
            EntryKind.DDL,
            "definitions",
            Map.of(),
            1,
            101,
            11,
            List.of(new ChunkRef(new ChunkId("f".repeat(64)), 1, 101, 11)));
    Entry longer = Entry.of(EntryKind.DDL, "definitions", Map.of(), List.of(chunk(2)));

    SnapshotDiff diff = SnapshotDiff.of(snapshot(was), snapshot(stamped));

    assertThat(diff.changes()).isEmpty();
    assertThat(diff.equal()).isZero();
    assertThat(diff.alike()).isEqualTo(1);
    assertThat(SnapshotDiff.of(snapshot(was), snapshot(longer)).changes()).hasSize(1);
  }

  @Example
  void otherKeysMakeOtherIdsAndThatIsSaid() {
    Manifest before = snapshot(table("same size", 1), table("grown", 2));
    Manifest after = snapshot(table("same size", 1), table("grown", 2, 3));

    SnapshotDiff diff = SnapshotDiff.of(before, after, false);

    assertThat(diff.comparable()).isFalse();
    assertThat(diff.equal()).isZero();
    assertThat(diff.alike()).isEqualTo(1);
    assertThat(diff.after().unsharedBytes()).isNull();
    assertThat(diff.changes()).singleElement().extracting(Change::contentEqual).isNull();
  }

  @Example
  void snapshotsOfTwoSourcesAreNotCompared() {
    Manifest other =
        RepositoryFixture.manifest("other", RepositoryFixture.NOW, List.of(table("t", 1)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SnapshotDiff.of(snapshot(table("t", 1)), other))
        .withMessageContaining("shop")
        .withMessageContaining("other");
  }

  @Property(tries = 300)
  void nothingLiesBetweenASnapshotAndItself(@ForAll("snapshots") Manifest one) {
    SnapshotDiff diff = SnapshotDiff.of(one, one);

    assertThat(diff.changes()).isEmpty();
    assertThat(diff.equal()).isEqualTo(one.entries().size());
    assertThat(diff.before()).isEqualTo(diff.after());
    assertThat(diff.after().unsharedBytes()).isZero();
    assertThat(diff.after().storedBytes()).isEqualTo(one.totals().storedBytes());
  }

  @Property(tries = 300)
  void theOtherWayRoundItIsTheSameWithSidesChanged(
      @ForAll("snapshots") Manifest a, @ForAll("snapshots") Manifest b) {
    SnapshotDiff there = SnapshotDiff.of(a, b);
    SnapshotDiff back = SnapshotDiff.of(b, a);

    assertThat(back.equal()).isEqualTo(there.equal());
    assertThat(back.before()).isEqualTo(there.after());
    assertThat(back.after()).isEqualTo(there.before());
    assertThat(back.changes().stream().map(SnapshotDiffTest::turned).toList())
        .isEqualTo(there.changes());
  }

  @Property(tries = 300)
  void everyEntryIsToldOnceAndBytesAddUp(
      @ForAll("snapshots") Manifest a, @ForAll("snapshots") Manifest b) {
    SnapshotDiff diff = SnapshotDiff.of(a, b);

    assertThat(count(diff, What.REMOVED) + count(diff, What.CHANGED) + diff.equal())
        .isEqualTo(a.entries().size());
    assertThat(count(diff, What.ADDED) + count(diff, What.CHANGED) + diff.equal())
        .isEqualTo(b.entries().size());
    assertThat(diff.changes()).doesNotHaveDuplicates();
    // What grew is what the entries grew by: those told as equal add nothing.
    assertThat(
            sum(diff, Change::after, Side::plainBytes)
                - sum(diff, Change::before, Side::plainBytes))
        .isEqualTo(b.totals().plainBytes() - a.totals().plainBytes());
    assertThat(sum(diff, Change::after, Side::rows) - sum(diff, Change::before, Side::rows))
        .isEqualTo(b.totals().rows() - a.totals().rows());
    assertThat(sum(diff, Change::after, Side::unsharedBytes))
        .isEqualTo(diff.after().unsharedBytes())
        .isEqualTo(
            b.entries().stream()
                .flatMap(entry -> entry.chunks().stream())
                .filter(ref -> !ids(a).contains(ref.id()))
                .mapToLong(ChunkRef::stored)
                .sum());
  }

  @Provide
  Arbitrary<Manifest> snapshots() {
    Arbitrary<Entry> entries =
        Combinators.combine(
                Arbitraries.of("a", "b", "c", "d", "e"),
                Arbitraries.integers().between(1, 12).list().ofMaxSize(4))
            .as((name, chunks) -> table(name, chunks.stream().mapToInt(i -> i).toArray()));
    return entries
        .list()
        .ofMaxSize(5)
        .uniqueElements(Entry::name)
        .map(list -> snapshot(list.toArray(Entry[]::new)));
  }

  private static Change turned(Change change) {
    What what =
        switch (change.what()) {
          case ADDED -> What.REMOVED;
          case REMOVED -> What.ADDED;
          case CHANGED -> What.CHANGED;
        };
    return new Change(
        change.kind(), change.name(), what, change.after(), change.before(), change.contentEqual());
  }

  private static long count(SnapshotDiff diff, What what) {
    return diff.changes().stream().filter(change -> change.what() == what).count();
  }

  private static long sum(
      SnapshotDiff diff, Function<Change, Side> side, Function<Side, Long> what) {
    return diff.changes().stream()
        .map(side)
        .filter(one -> one != null)
        .mapToLong(what::apply)
        .sum();
  }

  private static Set<ChunkId> ids(Manifest manifest) {
    return manifest.entries().stream()
        .flatMap(entry -> entry.chunks().stream())
        .map(ChunkRef::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * @param unshared the chunk that is only here, or null
   */
  private static Side side(Integer unshared, int... chunks) {
    Entry entry = table("any", chunks);
    return new Side(
        entry.rows(),
        entry.plainBytes(),
        entry.storedBytes(),
        unshared == null ? 0L : chunk(unshared).stored());
  }

  private static Manifest snapshot(Entry... entries) {
    return RepositoryFixture.manifest("shop", RepositoryFixture.NOW, List.of(entries));
  }

  private static Entry table(String name, int... chunks) {
    List<ChunkRef> refs = new ArrayList<>();
    for (int n : chunks) {
      refs.add(chunk(n));
    }
    return RepositoryFixture.table(name, refs);
  }

  private static ChunkRef chunk(int n) {
    return new ChunkRef(new ChunkId("%064x".formatted(n)), n, 100 + n, 10 + n);
  }
}
