package routes.repository.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.repository.RepositoryFixture.rows;
import static routes.repository.RepositoryFixture.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.RepositoryFixture;
import routes.repository.format.Entry;

class EntryComparisonTest {
  @TempDir Path folder;
  private Entry entry;

  @BeforeEach
  void backUp() {
    RepositoryFixture fixture = new RepositoryFixture(folder);
    try (ChunkPipeline pipeline = fixture.pipeline()) {
      entry = RepositoryFixture.table("customer", write(pipeline, rows(0, 500)));
    }
    assertThat(entry.chunks()).hasSizeGreaterThan(5);
  }

  private Optional<EntryComparison.Difference> compare(List<byte[]> rows) {
    try (EntryComparison comparison = new EntryComparison(new ZstdCodec(), entry.chunks())) {
      rows.forEach(row -> comparison.update(row, 0, row.length));
      return comparison.finish();
    }
  }

  @Test
  void equalRowsAreEqual() {
    assertThat(compare(rows(0, 500))).isEmpty();
  }

  @Test
  void aChangedRowIsLocated() {
    List<byte[]> changed = new ArrayList<>(rows(0, 500));
    changed.set(300, changed.get(301));
    assertThat(compare(changed))
        .hasValueSatisfying(
            difference -> {
              assertThat(difference.fromRow()).isLessThanOrEqualTo(300);
              long rows = entry.chunks().get(difference.chunk()).rows();
              assertThat(difference.fromRow() + rows).isGreaterThan(300);
            });
  }

  @Test
  void aMissingRowAndARowTooManyAreDifferences() {
    assertThat(compare(rows(0, 499)))
        .hasValueSatisfying(d -> assertThat(d.what()).contains("ends after"));
    assertThat(compare(rows(0, 501)))
        .hasValueSatisfying(d -> assertThat(d.what()).contains("more than"));
    assertThat(compare(List.of())).hasValueSatisfying(d -> assertThat(d.chunk()).isZero());
    assertThat(compare(rows(0, (int) entry.chunks().get(0).rows())))
        .as("content that ends at the end of a chunk")
        .hasValueSatisfying(d -> assertThat(d.chunk()).isEqualTo(1));
  }
}
