package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.codec.digest.DigestUtils;
import routes.repository.format.ChunkId;
import routes.repository.format.ChunkSizes;

/** {@link ChunkerSlowTest} tries more. */
@PropertyDefaults(tries = 100)
class ChunkerTest {
  /** Small, so that a few kilobytes make many chunks. */
  private static final ChunkSizes SMALL = new ChunkSizes(256, 768, 2048);

  private record Chunk(byte[] bytes, long rows) {}

  private static final class Collector implements Chunker.Sink {
    private final List<Chunk> chunks = new ArrayList<>();
    private final ChunkSizes sizes;

    Collector(ChunkSizes sizes) {
      this.sizes = sizes;
    }

    @Override
    public byte[] buffer() {
      return new byte[sizes.max()];
    }

    @Override
    public void chunk(byte[] buffer, int length, long rows) {
      chunks.add(new Chunk(Arrays.copyOf(buffer, length), rows));
    }
  }

  private static List<Chunk> chunk(ChunkSizes sizes, List<byte[]> rows) {
    Collector collector = new Collector(sizes);
    Chunker chunker = new Chunker(sizes, collector);
    rows.forEach(row -> chunker.row(row, 0, row.length));
    chunker.flush();
    return collector.chunks;
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Content and rows of each; a hash in place of bytes, which AssertJ compares one by one. */
  private static List<String> told(List<Chunk> chunks) {
    return chunks.stream()
        .map(chunk -> chunk.rows() + " rows " + ChunkId.of(DigestUtils.sha256(chunk.bytes())))
        .toList();
  }

  private static byte[] content(List<Chunk> chunks) {
    return joined(chunks.stream().map(Chunk::bytes).toList());
  }

  /** Rows of the given lengths with content of their own. */
  private static List<byte[]> rows(List<Integer> lengths, long seed) {
    Random random = new Random(seed);
    return lengths.stream()
        .map(
            length -> {
              byte[] row = new byte[length];
              random.nextBytes(row);
              return row;
            })
        .toList();
  }

  private static List<byte[]> table(int rows) {
    List<byte[]> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      table.add(line(i + "\tuser" + i * 7919L + "\t2026-01-01 00:00:00\tsome text that repeats\n"));
    }
    return table;
  }

  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Property
  void chunksAreTheRowsInOrderAndWithinBounds(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 5000) Integer> lengths,
      @ForAll long seed) {
    List<byte[]> rows = rows(lengths, seed);
    List<Chunk> chunks = chunk(SMALL, rows);

    assertThat(content(chunks)).isEqualTo(joined(rows));
    assertThat(chunks.stream().mapToLong(Chunk::rows).sum()).isEqualTo(rows.size());
    assertThat(chunks).allSatisfy(c -> assertThat(c.bytes().length).isBetween(1, SMALL.max()));
  }

  @Property
  void severalRowsAtOnceHaveTheChunksOfOneByOne(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 3000) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 20) int most,
      @ForAll long seed) {
    List<byte[]> rows = rows(lengths, seed);
    for (byte[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = row[i] == '\n' ? (byte) 0x8a : row[i];
      }
      row[row.length - 1] = '\n';
    }
    Collector collector = new Collector(SMALL);
    Chunker chunker = new Chunker(SMALL, collector);
    Random random = new Random(seed);
    for (int at = 0; at < rows.size(); ) {
      int n = Math.min(rows.size() - at, 1 + random.nextInt(most));
      byte[] batch = joined(rows.subList(at, at + n));
      int offset = random.nextInt(9);
      byte[] source = new byte[offset + batch.length + 9];
      Arrays.fill(source, (byte) '\n'); // what lies around them is not looked at
      System.arraycopy(batch, 0, source, offset, batch.length);
      chunker.rows(source, offset, batch.length);
      at += n;
    }
    chunker.flush();

    assertThat(told(collector.chunks)).isEqualTo(told(chunk(SMALL, rows)));
  }

  @Property
  void aLargeRowInPiecesHasTheChunksOfTheWhole(
      @ForAll @IntRange(min = 2049, max = 20_000) int length,
      @ForAll @IntRange(min = 1, max = 9000) int piece,
      @ForAll long seed) {
    List<byte[]> rows = rows(List.of(100, length, 100), seed);
    Collector collector = new Collector(SMALL);
    Chunker chunker = new Chunker(SMALL, collector);
    chunker.row(rows.get(0), 0, 100);
    for (int at = 0; at < length; at += piece) {
      int n = Math.min(piece, length - at);
      chunker.piece(rows.get(1), at, n, at + n == length);
    }
    chunker.row(rows.get(2), 0, 100);
    chunker.flush();

    assertThat(told(collector.chunks)).isEqualTo(told(chunk(SMALL, rows)));
  }

  @Property
  void chunksWithRowsEndAtTheEndOfARow(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 5000) Integer> lengths,
      @ForAll long seed) {
    List<byte[]> rows = rows(lengths, seed);
    Set<Long> ends = new HashSet<>();
    long end = 0;
    for (byte[] row : rows) {
      ends.add(end += row.length);
    }
    long at = 0;
    long counted = 0;
    for (Chunk chunk : chunk(SMALL, rows)) {
      at += chunk.bytes().length;
      counted += chunk.rows();
      if (chunk.rows() > 0) {
        assertThat(ends).contains(at);
        assertThat(rows.stream().limit(counted).mapToLong(row -> row.length).sum()).isEqualTo(at);
      } else {
        assertThat(chunk.bytes()).hasSize(SMALL.max());
      }
    }
  }

  @Property
  void equalRowsMakeEqualChunks(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 5000) Integer> lengths,
      @ForAll long seed) {
    assertThat(ids(chunk(SMALL, rows(lengths, seed))))
        .isEqualTo(ids(chunk(SMALL, rows(lengths, seed))));
  }

  @Property
  void aRowInsertedAnywhereChangesTheChunksNearIt(@ForAll @IntRange(max = 3_999) int at) {
    List<byte[]> before = table(4_000);
    List<byte[]> after = new ArrayList<>(before);
    after.add(at, line("inserted\n"));
    // 250 kB in chunks of about 1 kB: what changed is the neighbourhood, not what follows.
    assertThat(newChunks(before, after)).isBetween(1, 16);
  }

  @Property
  void aRowUpdatedInPlaceOrDeletedChangesTheChunksNearIt(@ForAll @IntRange(max = 3_999) int at) {
    List<byte[]> before = table(4_000);
    List<byte[]> updated = new ArrayList<>(before);
    updated.set(at, line("updated\n"));
    List<byte[]> deleted = new ArrayList<>(before);
    deleted.remove(at);
    assertThat(newChunks(before, updated)).isBetween(1, 16);
    assertThat(newChunks(before, deleted)).isBetween(0, 16);
  }

  @Property
  void anAppendedRowSendsOneChunk(@ForAll @IntRange(min = 1, max = 5_000) int rows) {
    List<byte[]> before = table(rows);
    List<byte[]> after = new ArrayList<>(before);
    after.add(line("appended\n"));
    assertThat(newChunks(before, after)).isEqualTo(1);
  }

  private static int newChunks(List<byte[]> before, List<byte[]> after) {
    Set<ChunkId> known = new HashSet<>(ids(chunk(SMALL, before)));
    Set<ChunkId> now = new HashSet<>(ids(chunk(SMALL, after)));
    now.removeAll(known);
    return now.size();
  }

  private static List<ChunkId> ids(List<Chunk> chunks) {
    return chunks.stream().map(chunk -> ChunkId.of(DigestUtils.sha256(chunk.bytes()))).toList();
  }

  @Example
  void theMeanSizeIsWhatTheSizesSayWhateverTheRows() {
    for (int rowLength : new int[] {20, 100, 700}) {
      List<byte[]> rows = rows(Collections.nCopies(3_000_000 / rowLength, rowLength), 1);
      ChunkSizes sizes = new ChunkSizes(1 << 12, 3 << 12, 8 << 12);
      List<Chunk> chunks = chunk(sizes, rows);
      double mean = (double) content(chunks).length / chunks.size();
      assertThat(mean / (1 << 12)).as("rows of " + rowLength).isBetween(3.2, 4.2);
    }
  }

  @Example
  void equalRowsAreStillBounded() {
    List<byte[]> rows = Collections.nCopies(10_000, line("the same\n"));
    assertThat(chunk(SMALL, rows))
        .allSatisfy(chunk -> assertThat(chunk.bytes().length).isBetween(1, SMALL.max()));
  }

  @Example
  void aRowLargerThanAChunkHasChunksOfItsOwn() {
    List<byte[]> rows = List.of(line("a\n"), new byte[5000], line("b\n"));
    List<Chunk> chunks = chunk(SMALL, rows);
    assertThat(chunks.stream().map(chunk -> chunk.bytes().length))
        .containsExactly(2, 2048, 2048, 904, 2);
    assertThat(chunks.stream().map(Chunk::rows)).containsExactly(1L, 0L, 0L, 1L, 1L);
  }

  @Property
  void bytesWithoutRowsAreCutAtTheMaximum(
      @ForAll @IntRange(max = 20_000) int length, @ForAll @IntRange(min = 1, max = 3000) int step)
      throws IOException {
    byte[] bytes = rows(List.of(length), length).get(0);
    Collector pushed = new Collector(SMALL);
    Chunker chunker = new Chunker(SMALL, pushed);
    for (int at = 0; at < length; at += step) {
      chunker.bytes(bytes, at, Math.min(step, length - at));
    }
    chunker.flush();
    Collector pulled = new Collector(SMALL);
    Chunker reading = new Chunker(SMALL, pulled);
    reading.bytes(new ByteArrayInputStream(bytes));
    reading.flush();

    assertThat(content(pushed.chunks)).isEqualTo(bytes);
    assertThat(pushed.chunks).hasSize((length + SMALL.max() - 1) / SMALL.max());
    assertThat(ids(pulled.chunks)).isEqualTo(ids(pushed.chunks));
    assertThat(pushed.chunks).allSatisfy(chunk -> assertThat(chunk.rows()).isZero());
  }

  @Example
  void aRowHasALineEnd() {
    Chunker chunker = new Chunker(SMALL, new Collector(SMALL));
    assertThatIllegalArgumentException().isThrownBy(() -> chunker.row(new byte[0], 0, 0));
  }

  @Example
  void nothingMakesNoChunk() {
    assertThat(chunk(SMALL, List.of())).isEmpty();
  }
}
