package routes.repository.crypto;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import java.util.List;
import javax.crypto.Mac;
import routes.repository.chunks.BufferPool;
import routes.repository.chunks.ChunkCodec;
import routes.repository.chunks.ZstdCodec;
import routes.repository.format.ChunkId;
import routes.repository.format.Hmac;

/**
 * Encrypted chunks: what {@link ZstdCodec} seals, as an age file for each of the recipients. Ids
 * are HMAC-SHA256 of the plain bytes, so they tell nothing to whoever lacks the key.
 *
 * <p>Holds two buffers of the largest chunk met, beside zstd's own.
 */
public final class AgeCodec implements ChunkCodec {
  private static final byte[] NONE = new byte[0];

  private final ZstdCodec zstd = new ZstdCodec();
  private final Mac ids;
  private final int recipients;
  private final List<RecipientStanzaWriter> writers;
  private final List<RecipientStanzaReader> readers;
  private byte[] file = NONE;
  private byte[] frame = NONE;

  private AgeCodec(
      byte[] idKey,
      int recipients,
      List<RecipientStanzaWriter> writers,
      List<RecipientStanzaReader> readers) {
    this.ids = Hmac.keyed(idKey);
    this.recipients = recipients;
    this.writers = writers;
    this.readers = readers;
  }

  /** Hashes and seals; opens nothing. */
  public static AgeCodec sealing(RepositoryKey key, Recipients recipients) {
    return new AgeCodec(
        key.chunkIds(recipients), recipients.count(), recipients.writers(), List.of());
  }

  /**
   * Hashes and opens; seals nothing.
   *
   * @param identities those that are no recipients are left out; none left: it only hashes
   */
  public static AgeCodec opening(RepositoryKey key, Recipients recipients, Identities identities) {
    return new AgeCodec(
        key.chunkIds(recipients), recipients.count(), List.of(), identities.readers(recipients));
  }

  @Override
  public void hash(byte[] plain, int offset, int length) {
    ids.update(plain, offset, length);
  }

  @Override
  public ChunkId id() {
    return ChunkId.of(ids.doFinal());
  }

  @Override
  public int maxStored(int plain) {
    return AgeFile.size(zstd.maxStored(plain), recipients);
  }

  @Override
  public Sealed seal(byte[] plain, int offset, int length) {
    Sealed compressed = zstd.seal(plain, offset, length);
    int size = AgeFile.size(compressed.length(), recipients);
    file = BufferPool.SHARED.grown(file, size);
    return new Sealed(file, AgeFile.seal(writers, compressed.bytes(), compressed.length(), file));
  }

  @Override
  public void open(byte[] stored, int length, byte[] into, int plainSize) throws BadChunkException {
    int bound = zstd.maxStored(plainSize);
    frame = BufferPool.SHARED.grown(frame, bound);
    int opened = AgeFile.open(readers, stored, length, recipients, frame, bound);
    zstd.open(frame, opened, into, plainSize);
  }

  @Override
  public void close() {
    zstd.close();
    BufferPool.SHARED.give(file);
    BufferPool.SHARED.give(frame);
    file = NONE;
    frame = NONE;
  }
}
