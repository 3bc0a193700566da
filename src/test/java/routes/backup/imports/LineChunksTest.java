package routes.backup.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.repository.Repository;
import routes.repository.chunks.ChunkPipeline;
import routes.repository.chunks.ChunkWriter;
import routes.repository.format.ChunkRef;
import routes.repository.format.ChunkSizes;
import routes.repository.store.FileObjectStore;

/** What is read arrives to the byte, however it is read, and another night shares its chunks. */
class LineChunksTest {

  private static final ChunkSizes SIZES = new ChunkSizes(256, 768, 2048);

  @TempDir Path folder;

  private List<ChunkRef> chunks(Repository repository, String text, int buffer) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ChunkPipeline.Settings settings = new ChunkPipeline.Settings(1, 3, SIZES, Thread::new);
    try (ChunkPipeline pipeline = repository.pipeline(settings, Optional.empty());
        ChunkWriter writer = pipeline.writer()) {
      LineChunks.copy(new ByteArrayInputStream(bytes), writer, seen::write, new byte[buffer]);
      List<ChunkRef> chunks = writer.finish();
      assertThat(seen.toByteArray()).isEqualTo(bytes);
      assertThat(chunks.stream().mapToLong(ChunkRef::plain).sum()).isEqualTo(bytes.length);
      return chunks;
    }
  }

  @Test
  void theChunksAreThoseOfTheLinesAndNotOfTheReads() throws IOException {
    Repository repository =
        Repository.open(FileObjectStore.open(folder, Clock.systemUTC()), "test", Clock.systemUTC());
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append(i).append(' ').append("x".repeat(random.nextInt(80))).append('\n');
    }
    text.append("y".repeat(5000)).append('\n').append("the last has no end");

    List<ChunkRef> once = chunks(repository, text.toString(), 2048);

    assertThat(once).hasSizeGreaterThan(10);
    assertThat(chunks(repository, text.toString(), 1 << 20)).isEqualTo(once);
    List<ChunkRef> next = chunks(repository, "a line of the next night\n" + text, 2048);
    assertThat(next.stream().filter(ref -> !once.contains(ref)))
        .as("what is sent again")
        .hasSizeLessThan(3);
  }
}
