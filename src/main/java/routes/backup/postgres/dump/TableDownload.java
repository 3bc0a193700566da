package routes.backup.postgres.dump;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postgresql.core.Encoding;
import routes.backup.postgres.archive.ReadAhead;
import routes.backup.postgres.database.Database;
import routes.repository.Repository;
import routes.repository.format.Entry;
import routes.repository.format.Manifest;

/** One table of a snapshot, without a server: read, verified and written as it comes. */
public final class TableDownload implements AutoCloseable {

  /** What the rows are written as. */
  public enum Format {
    /** RFC 4180 with a line of names; a NULL is nothing, all else stands in quotes. */
    CSV,
    /** A script for psql that loads the rows into a table that is there. */
    SQL
  }

  private static final int BUFFER = 64 << 10;

  /** The encoding of databases that have none: any bytes. */
  private static final String ASCII = "SQL_ASCII";

  /** What the text of a value depends on, as it was when it was read. */
  private static final String SETTINGS =
      """
      SET standard_conforming_strings = on;
      SET DateStyle = ISO, MDY;
      SET IntervalStyle = postgres;
      SET TimeZone = 'UTC';
      SET xmloption = content;
      """;

  private final Database.Table table;
  private final Charset charset;
  private final ReadAhead chunks;
  private ByteBuffer chunk;

  /**
   * Reads and verifies the first chunk.
   *
   * @throws routes.repository.format.RepositoryException when it is missing or damaged, or cannot
   *     be opened here
   */
  public TableDownload(Repository repository, Manifest manifest, Entry entry)
      throws InterruptedIOException {
    this.table = Database.Table.of(entry.about(), entry.plainBytes());
    this.charset = PostgresDump.isInBytes(manifest) ? StandardCharsets.ISO_8859_1 : charset(table);
    this.chunks = new ReadAhead(entry.chunks(), () -> repository.reader(manifest));
    try {
      next();
    } catch (RuntimeException | InterruptedIOException e) {
      chunks.close();
      throw e;
    }
  }

  /** The table's name for people, by which no other is called. */
  public static String label(Entry table) {
    return Database.Table.of(table.about(), table.plainBytes()).label();
  }

  /**
   * What the bytes are written in, for a header of HTTP: the database's encoding; empty when it has
   * none.
   */
  public Optional<String> encoding() {
    return ASCII.equals(table.encoding()) ? Optional.empty() : Optional.of(charset(table).name());
  }

  private static Charset charset(Database.Table table) {
    return table.encoding() == null || table.encoding().equals(ASCII)
        ? StandardCharsets.UTF_8
        : Charset.forName(Encoding.getDatabaseEncoding(table.encoding()).name());
  }

  private void next() throws InterruptedIOException {
    try {
      chunk = chunks.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + table.label() + " was read");
    }
  }

  /**
   * Writes the table; does not close the stream. Holds two chunks and a small buffer.
   *
   * @throws routes.repository.format.RepositoryException when a chunk is missing or damaged: what
   *     was written until then is right, and not the whole
   */
  public void write(Format format, OutputStream to) throws IOException {
    OutputStream out = new BufferedOutputStream(to, BUFFER);
    CopyText csv = new CopyText(out);
    if (format == Format.CSV) {
      csv.header(table.columns(), charset);
    } else {
      String encoding = table.encoding() == null ? "UTF8" : table.encoding();
      text(out, "SET client_encoding = '" + encoding + "';\n");
      text(out, SETTINGS + table.copyIn(false) + ";\n");
    }
    for (; chunk != null; next()) {
      if (format == Format.CSV) {
        csv.piece(chunk.array(), chunk.arrayOffset(), chunk.remaining());
      } else {
        out.write(chunk.array(), chunk.arrayOffset(), chunk.remaining());
      }
    }
    if (format == Format.SQL) {
      text(out, "\\.\n");
    }
    out.flush();
  }

  private void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(charset));
  }

  @Override
  public void close() {
    chunks.close();
  }
}
