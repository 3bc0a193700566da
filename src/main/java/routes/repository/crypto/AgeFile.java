package routes.repository.crypto;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.format.StandardPayloadKeyReader;
import com.exceptionfactory.jagged.framework.format.StandardPayloadKeyWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import routes.repository.chunks.ChunkCodec;

/**
 * age v1 files for X25519 recipients, binary, from array to array. The header is Jagged's; the
 * payload (pieces of 64 KiB under ChaCha20-Poly1305, a counter and a mark on the last for a nonce)
 * is done here on one cipher of the JDK per file: Jagged's channels make a cipher per piece and two
 * copies, which costs a third of the speed.
 *
 * <p>One cipher per file and no longer: it refuses the key and nonce it had last, and whoever opens
 * a file of one piece twice in a row comes with the same. Holds nothing; thread-safe.
 *
 * @see <a href="https://age-encryption.org/v1">the format</a>
 */
public final class AgeFile {
  private static final int PIECE = 64 << 10;
  private static final int TAG = 16;
  private static final int NONCE = 16;
  private static final int COUNTER_END = 10;
  private static final int LAST = 11;

  /** {@code age-encryption.org/v1\n}, and {@code --- <43 digits of the MAC>\n}. */
  private static final int OUTER_HEADER = 22 + 48;

  /** {@code -> X25519 <43 digits>\n<43 digits>\n}. */
  private static final int STANZA = 98;

  private AgeFile() {}

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("ChaCha20-Poly1305");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ChaCha20-Poly1305", e);
    }
  }

  /** Size of the file with this many plain bytes, ≥ 1, and recipients, exactly. */
  public static int size(int plain, int recipients) {
    int pieces = (plain + PIECE - 1) / PIECE;
    return Math.addExact(header(recipients), Math.addExact(plain, TAG * pieces));
  }

  private static int header(int recipients) {
    return OUTER_HEADER + STANZA * recipients + NONCE;
  }

  /**
   * @param length plain bytes, ≥ 1
   * @param into room for {@link #size}
   * @return bytes written, from the start of {@code into}
   */
  public static int seal(
      List<RecipientStanzaWriter> recipients, byte[] plain, int length, byte[] into) {
    Cipher cipher = cipher();
    try {
      ByteBuffer header = ByteBuffer.wrap(into, 0, header(recipients.size()));
      CipherKey key = new StandardPayloadKeyWriter().writeFileHeader(header, recipients);
      int written = header.position();
      for (int at = 0, piece = 0; at < length; at += PIECE, piece++) {
        int size = Math.min(PIECE, length - at);
        init(cipher, Cipher.ENCRYPT_MODE, key, piece, at + size == length);
        written += cipher.doFinal(plain, at, size, into, written);
      }
      key.destroy();
      return written;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("checked recipients and a large enough buffer", e);
    }
  }

  /**
   * @param length of the file in {@code sealed}, bytes
   * @param recipients how many it is sealed for
   * @param most plain bytes accepted; {@code into} has room for them
   * @return plain bytes written, from the start of {@code into}
   * @throws ChunkCodec.BadChunkException when it is no such file, is not for any of these
   *     identities, or holds more than {@code most}; nothing is allocated for what it claims
   */
  public static int open(
      List<RecipientStanzaReader> identities,
      byte[] sealed,
      int length,
      int recipients,
      byte[] into,
      int most)
      throws ChunkCodec.BadChunkException {
    int headerSize = header(recipients);
    int payload = length - headerSize;
    if (payload <= TAG) {
      throw new ChunkCodec.BadChunkException("it has only " + length + " bytes");
    }
    int pieces = (payload + PIECE + TAG - 1) / (PIECE + TAG);
    if (payload - TAG * pieces > most) {
      throw new ChunkCodec.BadChunkException("its age file of " + length + " bytes is too large");
    }
    CipherKey key = key(identities, sealed, headerSize);
    Cipher cipher = cipher();
    try {
      int written = 0;
      for (int piece = 0, at = headerSize; piece < pieces; piece++, at += PIECE + TAG) {
        int size = Math.min(PIECE + TAG, length - at);
        init(cipher, Cipher.DECRYPT_MODE, key, piece, piece == pieces - 1);
        written += cipher.doFinal(sealed, at, size, into, written);
      }
      return written;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new ChunkCodec.BadChunkException("its age payload is not what was sealed");
    } finally {
      key.destroy();
    }
  }

  private static CipherKey key(
      List<RecipientStanzaReader> identities, byte[] sealed, int headerSize)
      throws ChunkCodec.BadChunkException {
    // The library sees the header alone. On bytes that are no header it fails in many ways.
    ByteBuffer header = ByteBuffer.wrap(sealed, 0, headerSize);
    CipherKey key;
    try {
      key = new StandardPayloadKeyReader().getPayloadKey(header, identities);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new ChunkCodec.BadChunkException(
          "its age header is not one for this identity and " + headerSize + " bytes");
    }
    if (header.hasRemaining()) {
      key.destroy();
      throw new ChunkCodec.BadChunkException("its age header has other recipients");
    }
    return key;
  }

  private static void init(Cipher cipher, int mode, CipherKey key, int piece, boolean last)
      throws GeneralSecurityException {
    byte[] iv = new byte[12];
    for (int i = 0; i < Integer.BYTES; i++) {
      iv[COUNTER_END - i] = (byte) (piece >>> (8 * i));
    }
    iv[LAST] = (byte) (last ? 1 : 0);
    cipher.init(mode, key, new IvParameterSpec(iv));
  }
}
