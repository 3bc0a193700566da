package routes.backup.postgres.archive;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the table of contents at the beginning of a {@code pg_dump --format=custom} archive. {@code
 * pg_restore --list} prints it with blanks between the fields, so that {@code "a b" c} and {@code a
 * "b c"} are one line; here each field is itself, with the definition and the dependencies.
 *
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_18_STABLE/src/bin/pg_dump/pg_backup_archiver.c">
 *     ReadHead and ReadToc</a>
 */
public final class DumpArchive {

  private static final byte[] MAGIC = "PGDMP".getBytes(StandardCharsets.US_ASCII);
  private static final int CUSTOM = 1;

  /** 1.14 is written by pg_dump 12 to 15, 1.15 by 16, 1.16 by 17 and 18. */
  private static final int OLDEST = 14;

  private static final int NEWEST = 16;
  private static final int LONGEST_STRING = 1 << 30;

  private final InputStream in;
  private int intSize;
  private int offsetSize;

  private DumpArchive(InputStream in) {
    this.in = in;
  }

  /**
   * @param file an archive in the custom format
   * @throws IOException when it is none, is cut, or is of a version this code does not know
   */
  public static TableOfContents contents(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return contents(in);
    }
  }

  public static TableOfContents contents(InputStream in) throws IOException {
    return new DumpArchive(in).read();
  }

  private TableOfContents read() throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new IOException("this is not an archive of pg_dump in the custom format");
    }
    int major = octet();
    int minor = octet();
    octet(); // revision
    if (major != 1 || minor < OLDEST || minor > NEWEST) {
      throw new IOException(
          ("the archive is of pg_dump's format %s.%s; this hub reads 1.%s to 1.%s: upgrade the "
                  + "hub, or restore by hand (docs/break-glass.md)")
              .formatted(major, minor, OLDEST, NEWEST));
    }
    intSize = octet();
    offsetSize = octet();
    if (octet() != CUSTOM) {
      throw new IOException("this is an archive of pg_dump, but not in the custom format");
    }
    if (minor >= 15) {
      octet(); // compression algorithm
    } else {
      integer(); // compression level
    }
    for (int field = 0; field < 7; field++) {
      integer(); // when it was made: seconds to daylight saving
    }
    bytes(); // database
    bytes(); // server's version
    bytes(); // pg_dump's version
    int count = integer();
    if (count < 0) {
      throw new IOException("the archive claims " + count + " entries");
    }
    List<Raw> raw = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      raw.add(entry(minor));
    }
    Charset charset = charset(raw);
    return new TableOfContents(
        TableOfContents.sections(raw.stream().map(one -> one.decoded(charset)).toList()));
  }

  /** An entry before the archive's encoding is known. */
  private record Raw(
      int id,
      long classOid,
      long oid,
      byte[] name,
      String kind,
      int section,
      byte[] definition,
      byte[] schema,
      byte[] owner,
      List<Integer> dependencies) {

    TableOfContents.Line decoded(Charset charset) {
      return new TableOfContents.Line(
          id,
          classOid,
          oid,
          kind,
          string(schema, charset),
          string(name, charset),
          string(owner, charset),
          TableOfContents.Section.of(section),
          string(definition, charset),
          dependencies);
    }

    private static String string(byte[] bytes, Charset charset) {
      return bytes == null ? "" : new String(bytes, charset);
    }
  }

  private Raw entry(int minor) throws IOException {
    int id = integer();
    integer(); // whether it has data
    long classOid = number(bytes());
    long oid = number(bytes());
    byte[] name = bytes();
    String kind = ascii(bytes());
    int section = integer();
    byte[] definition = bytes();
    bytes(); // statement that drops it
    bytes(); // COPY statement
    byte[] schema = bytes();
    bytes(); // tablespace
    bytes(); // table access method
    if (minor >= 16) {
      integer(); // relation kind
    }
    byte[] owner = bytes();
    bytes(); // whether the table has oids
    List<Integer> dependencies = new ArrayList<>();
    for (byte[] on = bytes(); on != null; on = bytes()) {
      dependencies.add((int) number(on));
    }
    in.skipNBytes(1L + offsetSize); // where its data are
    return new Raw(id, classOid, oid, name, kind, section, definition, schema, owner, dependencies);
  }

  /** Text of any encoding but UTF-8 is read as Latin-1: every byte is a character, none is lost. */
  private static Charset charset(List<Raw> entries) {
    return entries.stream()
            .filter(one -> one.kind().equals("ENCODING"))
            .anyMatch(one -> ascii(one.definition()).contains("'UTF8'"))
        ? StandardCharsets.UTF_8
        : StandardCharsets.ISO_8859_1;
  }

  private static String ascii(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static long number(byte[] digits) throws IOException {
    try {
      return digits == null ? 0 : Long.parseLong(ascii(digits));
    } catch (NumberFormatException e) {
      throw new IOException("the archive's table of contents is damaged", e);
    }
  }

  private int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException("the archive ends within its table of contents");
    }
    return octet;
  }

  /** A sign, then the magnitude, least significant byte first. */
  private int integer() throws IOException {
    boolean negative = octet() != 0;
    long value = 0;
    for (int i = 0; i < intSize; i++) {
      value |= (long) octet() << (8 * i);
    }
    return (int) (negative ? -value : value);
  }

  /** Null when the archive has none. */
  private byte[] bytes() throws IOException {
    int length = integer();
    if (length < 0) {
      return null;
    }
    if (length > LONGEST_STRING) {
      throw new IOException("the archive's table of contents is damaged");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the archive ends within its table of contents");
    }
    return bytes;
  }
}
