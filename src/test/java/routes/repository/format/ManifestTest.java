package routes.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.repository.chunks.ChunkCodec;
import routes.repository.chunks.ZstdCodec;

class ManifestTest {
  private static final Path PAGE = Path.of("docs/formats/repository.md");
  private static final ChunkRef CHUNK =
      new ChunkRef(
          new ChunkId("77aa298a6b6e8889d929c0d1ceb26448ab840f431ffb7b38e92fbb2a5f081b28"),
          2,
          14,
          39);

  private static Manifest example() {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("table", "customer");
    about.put("schema", "public");
    about.put("columns", List.of("id", "name"));
    List<Entry> entries =
        List.of(Entry.of(EntryKind.TABLE, "public.customer", about, List.of(CHUNK)));
    return new Manifest(
        1,
        "shop",
        "postgres",
        "hub-1",
        "1f0c",
        1,
        Instant.parse("2026-11-20T03:00:00.123456Z"),
        Instant.parse("2026-11-20T03:01:00Z"),
        Map.of(
            "version",
            "15.13",
            "database",
            "shop",
            "encoding",
            "UTF8",
            "collate",
            "C",
            "ctype",
            "C",
            "systemIdentifier",
            "7451234567890123456",
            "lsn",
            "0/1A2B3C4D"),
        Map.of("pg_dump", "15.13", "hub", "0.1.0"),
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "none",
        Manifest.Totals.of(entries, 39),
        entries);
  }

  @Test
  void theJsonIsTheOneOfTheFormatsPage() throws Exception {
    String json = new String(RepositoryJson.write(example()), StandardCharsets.UTF_8);
    String page = Files.readString(PAGE);
    String block = page.substring(page.indexOf("{\"format\":1,\"source\""));
    assertThat(json).isEqualTo(block.substring(0, block.indexOf("\n```")).replaceAll("\n *", ""));
  }

  @Test
  void theChunkIsTheOneOfTheFormatsPage() throws Exception {
    byte[] plain = "1\tAda\n2\tGrace\n".getBytes(StandardCharsets.UTF_8);
    String page = Files.readString(PAGE);
    String dump = page.substring(page.indexOf("28 b5 2f fd"), page.indexOf("76 49 b5 c1") + 11);
    byte[] stored = HexFormat.of().parseHex(dump.replaceAll("\\s", ""));
    byte[] opened = new byte[plain.length];
    try (ChunkCodec codec = new ZstdCodec()) {
      codec.open(stored, opened, plain.length);
      assertThat(opened).isEqualTo(plain);
      assertThat(codec.id(plain, 0, plain.length)).isEqualTo(CHUNK.id());
      assertThat(stored).hasSize(CHUNK.stored());
    }
  }

  @Test
  void whatIsWrittenIsReadBack() {
    byte[] json = RepositoryJson.write(example());
    assertThat(RepositoryJson.read("m", json, Manifest.class)).isEqualTo(example());
    assertThat(RepositoryJson.write(RepositoryJson.read("m", json, Manifest.class)))
        .isEqualTo(json);
  }

  @Test
  void sumsThatDoNotFitAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry(EntryKind.TABLE, "t", Map.of(), 3, 14, 39, List.of(CHUNK)))
        .withMessageContaining("entry t");
    Manifest example = example();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Manifest(
                    1,
                    "shop",
                    "postgres",
                    "hub-1",
                    "r",
                    1,
                    example.takenAt(),
                    example.finishedAt(),
                    null,
                    null,
                    null,
                    "none",
                    new Manifest.Totals(1, 14, 39, 39, 1),
                    example.entries()))
        .withMessageContaining("totals");
  }

  @Test
  void idsAreChecked() {
    for (String hex : List.of("", "ab", "A".repeat(64), "../" + "a".repeat(61))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new ChunkId(hex));
    }
    for (String id : List.of("", "latest", "20261320T000000Z-" + "a".repeat(32))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new SnapshotId(id));
    }
    assertThat(CHUNK.id().key()).isEqualTo("chunks/77/" + CHUNK.id().hex());
  }
}
