package routes.repository.chunks;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import routes.repository.format.ChunkRef;
import routes.repository.format.ChunkSizes;

/**
 * Writes the chunks of one entry into a {@link ChunkPipeline}. For one thread at a time; several
 * writers of a pipeline may be at work at once. Every method throws {@link
 * PipelineStoppedException} once the pipeline has failed or was aborted.
 */
public final class ChunkWriter implements AutoCloseable {
  private final ChunkPipeline pipeline;
  private final Chunker chunker;

  /** Guarded by the pipeline's monitor, as {@link #pending} is; null where not stored yet. */
  private final List<ChunkRef> refs = new ArrayList<>();

  private int pending;

  ChunkWriter(ChunkPipeline pipeline, ChunkSizes sizes) {
    this.pipeline = pipeline;
    this.chunker =
        new Chunker(
            sizes,
            new Chunker.Sink() {
              @Override
              public byte[] buffer() {
                return pipeline.takeBuffer();
              }

              @Override
              public void chunk(byte[] buffer, int length, long rows) {
                pipeline.submit(ChunkWriter.this, buffer, length, rows);
              }
            });
  }

  /** Adds one row, line end included; waits while all buffers are in use. */
  public void row(byte[] row) {
    chunker.row(row, 0, row.length);
  }

  /**
   * Adds one row, line end included; waits while all buffers are in use.
   *
   * @param length bytes, ≥ 1
   */
  public void row(byte[] source, int offset, int length) {
    chunker.row(source, offset, length);
  }

  /**
   * Adds whole rows, each of which ends with the only {@code \n} in it; waits while all buffers are
   * in use. The chunks are those that the same rows one by one would have.
   */
  public void rows(byte[] rows) {
    chunker.rows(rows, 0, rows.length);
  }

  /**
   * Adds a piece of a row that is larger than {@link ChunkSizes#max()}; waits while all buffers are
   * in use. The chunks are those that the row in one piece would have.
   *
   * @param last whether the row ends with it
   */
  public void piece(byte[] piece, boolean last) {
    chunker.piece(piece, 0, piece.length, last);
  }

  /** Adds bytes that are not rows; waits while all buffers are in use. */
  public void bytes(byte[] source, int offset, int length) {
    chunker.bytes(source, offset, length);
  }

  /** Adds all bytes of a stream that are not rows. Does not close it. */
  public void bytes(InputStream in) throws IOException {
    chunker.bytes(in);
  }

  /**
   * Ends the entry and waits until its chunks are stored.
   *
   * @return its chunks in order; empty when nothing was written
   */
  public List<ChunkRef> finish() {
    chunker.flush();
    giveBack();
    return pipeline.await(this);
  }

  /** Gives the buffer back; without {@link #finish} before, the entry is forgotten. */
  @Override
  public void close() {
    giveBack();
  }

  private void giveBack() {
    byte[] held = chunker.release();
    if (held != null) {
      pipeline.giveBack(held);
    }
  }

  /** Under the pipeline's monitor. */
  int nextIndex() {
    refs.add(null);
    pending++;
    return refs.size() - 1;
  }

  /** Under the pipeline's monitor. */
  void stored(int index, ChunkRef ref) {
    refs.set(index, ref);
    pending--;
  }

  /** Under the pipeline's monitor. */
  boolean isPending() {
    return pending > 0;
  }

  /** Under the pipeline's monitor. */
  List<ChunkRef> refs() {
    return Collections.unmodifiableList(new ArrayList<>(refs));
  }
}
