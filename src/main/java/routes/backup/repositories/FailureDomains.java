package routes.backup.repositories;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.backup.config.Sources;
import routes.stores.s3.S3Properties;

/**
 * What would be lost together: a backup on the machine of its source, or a copy on the endpoint or
 * disk of the repository, is none on the day that one burns.
 */
@Component
public class FailureDomains {

  private final Sources sources;
  private final Repositories.Location repository;
  private final CopyProperties copies;
  private final S3Properties s3;

  FailureDomains(
      Sources sources, Repositories.Location repository, CopyProperties copies, S3Properties s3) {
    this.sources = sources;
    this.repository = repository;
    this.copies = copies;
    this.s3 = s3;
  }

  /** In words, when a source and the repository are on one machine, as far as can be seen. */
  public Optional<String> ofSource(String source) {
    String host = sources.source(source).host();
    if (repository.url() == null || repository.url().isBlank()) {
      return Optional.empty();
    }
    boolean folder = repository.folder().isPresent();
    String other = folder ? "localhost" : endpointHost(s3);
    return other != null && isOne(host, other)
        ? Optional.of(
            ("source %s and the repository %s are on one machine (%s): its loss takes both; add "
                    + "a place elsewhere under hub.copies")
                .formatted(source, repository.url(), host))
        : Optional.empty();
  }

  /** In words, when a copy is on the repository's endpoint or disk. */
  public Optional<String> ofCopy(String name) {
    CopyProperties.Place copy = copies.copies().get(name);
    if (copy == null || repository.url() == null || repository.url().isBlank()) {
      return Optional.empty();
    }
    String why;
    if (repository.folder().isPresent() && copy.url().startsWith("file:")) {
      Path theirs = Path.of(java.net.URI.create(copy.url()).getPath());
      why = isOneDisk(repository.folder().get(), theirs) ? "disk" : null;
    } else if (repository.folder().isEmpty() && copy.url().startsWith("s3:")) {
      why = sameEndpoint(copy.s3() == null ? s3 : copy.s3()) ? "endpoint" : null;
    } else {
      why = null;
    }
    return Optional.ofNullable(why)
        .map(
            shared ->
                ("copy %s and the repository share one %s: its loss takes both; set "
                        + "hub.copies.%s.url to another")
                    .formatted(name, shared, name));
  }

  /** Everything there is to say, for the doctor. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    sources.names().forEach(source -> ofSource(source).ifPresent(all::add));
    copies.names().forEach(copy -> ofCopy(copy).ifPresent(all::add));
    return all;
  }

  private static String endpointHost(S3Properties s3) {
    return s3.hasEndpoint() ? s3.endpoint().getHost() : null;
  }

  private boolean sameEndpoint(S3Properties other) {
    if (!s3.hasEndpoint() || !other.hasEndpoint()) {
      // AWS: a region is a place of its own.
      return !s3.hasEndpoint() && !other.hasEndpoint() && s3.region().equals(other.region());
    }
    return s3.endpoint().getPort() == other.endpoint().getPort()
        && isOne(s3.endpoint().getHost(), other.endpoint().getHost());
  }

  private static boolean isOne(String host, String other) {
    if (host.equalsIgnoreCase(other)) {
      return true;
    }
    try {
      List<InetAddress> mine = Arrays.asList(InetAddress.getAllByName(host));
      return Arrays.stream(InetAddress.getAllByName(other)).anyMatch(mine::contains);
    } catch (UnknownHostException e) {
      return false; // whoever connects will say so
    }
  }

  private static boolean isOneDisk(Path one, Path other) {
    try {
      return Files.getFileStore(existing(one)).equals(Files.getFileStore(existing(other)));
    } catch (IOException e) {
      return false; // not to be seen
    }
  }

  private static Path existing(Path path) {
    Path there = path.toAbsolutePath().normalize();
    while (Files.notExists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }
}
