package routes.backup.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.backup.config.Sources;
import routes.stores.postgres.ConnectionProperties;
import routes.stores.s3.S3Properties;

/** What would be lost together is told, and nothing else. */
class FailureDomainsTest {

  private static S3Properties s3(String endpoint, String region) {
    return new S3Properties(
        endpoint.isEmpty() ? null : URI.create(endpoint), region, "key", "secret", true);
  }

  private static Sources source(String host) {
    return new Sources(
        Map.of("shop", new ConnectionProperties("postgresql://" + host + ":5432/shop", "u", "p")),
        Map.of());
  }

  @ParameterizedTest(name = "source on {0}, repository {1} by {2}: {3}")
  @CsvSource({
    "127.0.0.1, s3://b/p, http://127.0.0.1:9000, true",
    "localhost, s3://b/p, http://127.0.0.1:9000, true",
    "127.0.0.1, s3://b/p, http://192.0.2.1:9000, false",
    "192.0.2.7, s3://b/p, http://192.0.2.7:9000, true",
    "192.0.2.7, s3://b/p, '', false",
    "127.0.0.1, file:/backups, '', true",
    "192.0.2.7, file:/backups, '', false",
    "192.0.2.7, '', '', false",
  })
  void aSourceAndItsBackupsOnOneMachineAreTold(
      String host, String url, String endpoint, boolean told) {
    FailureDomains fate =
        new FailureDomains(
            source(host),
            new Repositories.Location(url),
            new CopyProperties(Map.of()),
            s3(endpoint, "eu-1"));

    assertThat(fate.ofSource("shop").isPresent()).isEqualTo(told);
    fate.ofSource("shop").ifPresent(w -> assertThat(w).contains("shop", host, "hub.copies"));
  }

  @ParameterizedTest(name = "{0} beside {1}: {2}")
  @CsvSource({
    "http://127.0.0.1:9000, http://127.0.0.1:9000, true",
    "http://127.0.0.1:9000, http://localhost:9000, true",
    "http://127.0.0.1:9000, http://127.0.0.1:9001, false",
    "http://127.0.0.1:9000, '', false",
    "'', '', true",
  })
  void aCopyOnTheRepositorysEndpointIsTold(String one, String other, boolean told) {
    CopyProperties copies =
        new CopyProperties(
            Map.of("far", new CopyProperties.Place("s3://b/far", s3(other, "eu-1"))));
    FailureDomains fate =
        new FailureDomains(
            source("192.0.2.7"), new Repositories.Location("s3://b/p"), copies, s3(one, "eu-1"));

    assertThat(fate.ofCopy("far").isPresent()).isEqualTo(told);
    assertThat(fate.all()).hasSize(told ? 1 : 0);
  }

  @Test
  void anotherRegionIsAnotherPlaceAndTheHubsOwnS3IsNot() {
    FailureDomains fate =
        new FailureDomains(
            source("192.0.2.7"),
            new Repositories.Location("s3://b/p"),
            new CopyProperties(
                Map.of(
                    "far", new CopyProperties.Place("s3://b/far", s3("", "us-2")),
                    "near", new CopyProperties.Place("s3://b/near", null))),
            s3("", "eu-1"));

    assertThat(fate.ofCopy("far")).isEmpty();
    assertThat(fate.ofCopy("near").orElseThrow()).contains("share one endpoint");
  }

  @Test
  void aCopyOnTheRepositorysDiskIsTold(@TempDir Path folder) {
    FailureDomains fate =
        new FailureDomains(
            source("192.0.2.7"),
            new Repositories.Location("file:" + folder.resolve("one")),
            new CopyProperties(
                Map.of("two", new CopyProperties.Place("file:" + folder.resolve("two"), null))),
            s3("", "eu-1"));

    assertThat(fate.ofCopy("two").orElseThrow()).contains("share one disk", "hub.copies.two.url");
  }
}
