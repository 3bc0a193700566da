package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import routes.backup.repositories.Repositories;
import routes.devservices.TestStores;
import routes.repository.format.ChunkRef;
import routes.repository.format.Entry;
import software.amazon.awssdk.services.s3.S3Client;

/** One table over the API, streamed. */
class TableDownloadTest extends BackupSteps {

  private String key;

  @Test
  void aTableComesAsCsvAndAsSql() throws Exception {
    succeeded(run("backup.postgres", "small"));

    HttpResponse<String> csv = table("small", "public.accounts", "");
    HttpResponse<String> sql = table("small", "public.accounts", "?format=sql");

    assertThat(csv.statusCode()).isEqualTo(200);
    assertThat(csv.headers().firstValue("content-type").orElseThrow()).startsWith("text/csv");
    assertThat(csv.body()).startsWith("\"id\",\"balance\"\r\n");
    List<String> rows = csv.body().lines().skip(1).toList();
    // Other tests move money, and with it rows: all of them, each once, and the same in both forms.
    assertThat(rows.stream().map(row -> row.replaceFirst("\"(\\d+)\",.*", "$1")))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 2000).mapToObj(String::valueOf).toList());
    String block = sql.body().replaceFirst("(?s).*FROM STDIN;\n", "");
    assertThat(sql.body())
        .contains("COPY \"public\".\"accounts\" (\"id\", \"balance\") FROM STDIN;\n")
        .endsWith("\n\\.\n");
    assertThat(block.lines().limit(2000).map(row -> "\"" + row.replace("\t", "\",\"") + "\""))
        .containsExactlyElementsOf(rows);
    assertThat(admin().get("/api/audit?limit=20").toString())
        .contains("snapshots.table", "public.accounts");
  }

  @Test
  void whatIsNotThereIsToldAndViewersMayNot() throws Exception {
    succeeded(run("backup.postgres", "small"));
    assertThat(table("small", "public.nothing", "").statusCode()).isEqualTo(404);
    assertThat(table("nothing", "public.accounts", "").statusCode()).isEqualTo(404);
    assertThat(table("small", "public.accounts", "?format=xml").statusCode()).isEqualTo(400);
    assertThat(as("viewer").get("/api/snapshots/small/latest/tables/public.accounts").status())
        .isEqualTo(403);
    assertThat(admin().get("/api/snapshots/small/no-such/tables/public.accounts").status())
        .isEqualTo(404);
  }

  @Test
  void damageInTheMiddleCutsTheConnection() throws Exception {
    TestSources.execute(
        TestSources.SMALL,
        "CREATE TABLE wide AS SELECT i, md5(i::text) || md5(random()::text) AS t"
            + " FROM generate_series(1, 400000) i");
    try {
      succeeded(run("backup.postgres", "small"));
    } finally {
      TestSources.execute(TestSources.SMALL, "DROP TABLE wide");
    }
    Repositories.Found found = repositories.find("small", "latest");
    Entry wide =
        found.manifest().entries().stream()
            .filter(entry -> entry.name().equals("public.wide"))
            .findFirst()
            .orElseThrow();
    List<ChunkRef> chunks = wide.chunks();
    assertThat(chunks).hasSizeGreaterThan(2);
    assertThat(table("small", "public.wide", "").statusCode()).isEqualTo(200);

    flip(chunks.get(chunks.size() - 1));
    assertThatThrownBy(() -> table("small", "public.wide", ""))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("(?s).*(EOF|closed|chunked|reset).*");

    flip(chunks.get(0));
    assertThat(table("small", "public.wide", "").statusCode()).isGreaterThanOrEqualTo(500);
    repositories.open().remove("small", found.snapshot().id());
    jdbc.sql("DELETE FROM hub.snapshot WHERE id = ?").param(found.snapshot().id().value()).update();
  }

  private static void flip(ChunkRef ref) throws IOException {
    S3Client s3 = TestStores.get().s3Client();
    String key = "hub/" + ref.id().key();
    byte[] bytes;
    try (InputStream in = s3.getObject(get -> get.bucket(TestSources.BUCKET).key(key))) {
      bytes = in.readAllBytes();
    }
    bytes[bytes.length / 2] ^= 1;
    put(s3, key, bytes);
  }

  private HttpResponse<String> table(String source, String table, String query)
      throws IOException, InterruptedException {
    if (key == null) {
      key = key("operator");
    }
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:"
                            + port
                            + "/api/snapshots/"
                            + source
                            + "/latest/tables/"
                            + URLEncoder.encode(table, StandardCharsets.UTF_8)
                            + query))
                .header("Authorization", "Bearer " + key)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
