package routes.backup.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that is not all there is never taken for one that is. */
class DumpReadingTest {

  static final String DUMP =
      """
      --
      -- PostgreSQL database dump
      --

      \\restrict x1
      -- Dumped from database version 15.13 (Debian 15.13-1)
      -- Dumped by pg_dump version 17.2

      SET client_encoding = 'UTF8';
      COPY public.t (id) FROM stdin;
      1
      2
      \\.

      --
      -- PostgreSQL database dump complete
      --

      \\unrestrict x1

      """;

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static DumpInspection inspect(byte[] file) throws IOException {
    DumpInspection inspection = new DumpInspection();
    try (InputStream in = Decompression.of(new ByteArrayInputStream(file))) {
      byte[] all = in.readAllBytes();
      inspection.feed(all, 0, all.length);
    }
    inspection.finish();
    return inspection;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aWholeDumpIsTakenHoweverItIsCompressed() throws IOException {
    for (byte[] file :
        new byte[][] {
          utf8(DUMP), gzip(utf8(DUMP)), com.github.luben.zstd.Zstd.compress(utf8(DUMP))
        }) {
      DumpInspection found = inspect(file);
      assertThat(found.about()).isEqualTo(Map.of("statements", 2L, "rows", 2L));
      assertThat(found.serverVersion()).isEqualTo("15.13");
      assertThat(found.clientVersion()).isEqualTo("17.2");
      assertThat(found.database("any")).isNull();
    }
  }

  @Test
  void everyCutOfATextAndOfACompressedFileIsRefused() {
    byte[] text = utf8(DUMP);
    int whole = DUMP.indexOf("\\unrestrict x1\n") + "\\unrestrict x1".length();
    for (int length = 0; length < whole; length++) {
      byte[] cut = Arrays.copyOf(text, length);
      assertThatThrownBy(() -> inspect(cut)).as("%d", length).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> inspect(gzip(cut))).isInstanceOf(IOException.class);
    }
    for (byte[] packed : new byte[][] {gzip(text), com.github.luben.zstd.Zstd.compress(text)}) {
      for (int length = 0; length < packed.length; length++) {
        byte[] cut = Arrays.copyOf(packed, length);
        assertThatThrownBy(() -> inspect(cut)).as("%d", length).isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                     | is empty
          PGDMP and more                                         | custom archive
          pg_dump: error: connection to server failed            | is incomplete: line 1
          SELECT 1;                                              | does not begin like a dump
          -- PostgreSQL database dump¶DO x;                      | line 2: a statement that pg_dump does not write
          -- PostgreSQL database dump¶\\! id¶                    | line 2: psql command
          -- PostgreSQL database dump¶SET x = 1;                 | does not end with
          -- PostgreSQL database dump complete¶                  | holds nothing
          -- PostgreSQL database cluster dump¶-- PostgreSQL database dump complete | does not end with
          -- PostgreSQL database dump¶-- PostgreSQL database dump complete¶SET x = 1; | does not end with
          """)
  void whatLooksLikeADumpAndIsNoneIsToldApart(String text, String why) {
    byte[] file = utf8(text.replace("¶", "\n"));
    assertThatThrownBy(() -> inspect(file))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(why);
    if (!why.equals("is empty") && !why.startsWith("custom")) {
      assertThatThrownBy(() -> inspect(gzip(file))).hasMessageContaining(why);
    }
  }

  @Test
  void theEmptyFileThatAFailedPgDumpLeavesUnderGzipIsTold() {
    assertThatThrownBy(() -> inspect(gzip(new byte[0])))
        .hasMessageContaining("holds nothing: the dump failed");
  }

  @Property(tries = 50)
  void gzipOfSeveralMembersIsReadWholeAndNoFlipGivesAnotherContent(
      @ForAll @Size(min = 1, max = 300) byte[] first, @ForAll @Size(max = 300) byte[] second)
      throws IOException {
    byte[] one = gzip(first);
    byte[] two = gzip(second);
    try (Gunzip in =
        new Gunzip(
            new SequenceInputStream(
                new ByteArrayInputStream(one), new ByteArrayInputStream(two)))) {
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      assertThat(in.readAllBytes()).isEqualTo(both);
    }
    // Bytes 3 to 9 of the header say nothing of the content: flags, time, system.
    for (int at = 10; at < one.length; at++) {
      byte[] flipped = one.clone();
      flipped[at] ^= 0x10;
      assertThat(readOrNull(flipped)).isIn(null, first);
    }
    byte[] more = Arrays.copyOf(one, one.length + 1);
    assertThatThrownBy(() -> new Gunzip(new ByteArrayInputStream(more)).readAllBytes())
        .isInstanceOf(RefusedException.class);
  }

  /** Some bits of padding mean nothing. */
  private static byte[] readOrNull(byte[] file) {
    try (Gunzip in = new Gunzip(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    } catch (IOException e) {
      return null;
    }
  }

  @Test
  void aClusterIsAskedForOneOfItsDatabases() throws IOException {
    DumpInspection cluster =
        inspect(
            utf8(
                """
                --
                -- PostgreSQL database cluster dump
                --
                CREATE ROLE x;
                \\connect template1
                -- PostgreSQL database dump complete
                \\connect shop
                -- PostgreSQL database dump complete
                -- PostgreSQL database cluster dump complete
                """));
    assertThat(cluster.database("shop")).isEqualTo("shop");
    assertThatThrownBy(() -> cluster.database("mall"))
        .hasMessageContaining("[template1, shop] but not mall");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "postgres_20260102_030405.sql.gz, 2026-01-02T02:04:05Z",
    "postgres_2026-07-02.sql.gz, 2026-07-01T22:00:00Z",
    "postgres_20260102.sql, 2026-01-01T23:00:00Z",
    "shop-2026-01-02T03:04.sql, 2026-01-02T02:04:00Z",
    "shop-202601020304.sql, 2026-01-02T02:04:00Z",
    "db99999999_2026-01-02.sql, 2026-01-01T23:00:00Z",
    "shop.sql, 2020-01-01T00:00:00Z",
    "shop_20261399.sql, 2020-01-01T00:00:00Z",
  })
  void theTimeIsTheNamesInItsZoneOrElseTheFiles(String name, Instant at) {
    DumpTime berlin =
        new DumpTime(Pattern.compile(ImportProperties.USUAL_TIME), ZoneId.of("Europe/Berlin"));
    assertThat(berlin.of(name, Instant.parse("2020-01-01T00:00:00Z"))).isEqualTo(at);
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    ",,UTC, needs either folder or url",
    "/a, s3://b/c, UTC, needs either folder or url",
    "a/b,,UTC, must be absolute",
    ", http://b/c, UTC, .url must be s3://",
  })
  void aWrongPlaceIsToldByItsKey(Path folder, String url, ZoneId zone, String why) {
    ImportProperties.Place place =
        new ImportProperties.Place(folder, url, "*", ImportProperties.USUAL_TIME, zone, null, null);
    assertThatThrownBy(() -> new ImportProperties(Map.of("old", place)))
        .hasMessageContaining("hub.imports.old")
        .hasMessageContaining(why);
  }
}
