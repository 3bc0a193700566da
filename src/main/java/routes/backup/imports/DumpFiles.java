package routes.backup.imports;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists and opens the files of a configured place, and nothing outside of it: links are not
 * followed, folders and prefixes below are not entered.
 */
@Component
record DumpFiles(S3Client s3) {

  /** Where it is, for messages. */
  static String describe(ImportProperties.Place place) {
    return place.folder() == null ? place.url() : place.folder().toString();
  }

  /** What fits the pattern, by name. */
  List<DumpFile> list(ImportProperties.Place place) throws IOException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + place.pattern());
    List<DumpFile> files =
        new ArrayList<>(place.folder() == null ? bucket(place) : folder(place.folder()));
    files.removeIf(
        file -> file.name().indexOf('\0') >= 0 || !matcher.matches(Path.of(file.name())));
    files.sort(Comparator.comparing(DumpFile::name));
    return files;
  }

  private static List<DumpFile> folder(Path folder) throws IOException {
    List<DumpFile> files = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        BasicFileAttributes found =
            Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String refusal =
            found.isRegularFile()
                ? null
                : found.isSymbolicLink() ? "is a symbolic link" : "is not a regular file";
        files.add(
            new DumpFile(
                child.getFileName().toString(),
                found.size(),
                found.lastModifiedTime().toInstant(),
                refusal,
                () -> open(child)));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  /** A link that was put there since the listing is not followed either. */
  private static InputStream open(Path file) throws IOException {
    return Channels.newInputStream(
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
  }

  private List<DumpFile> bucket(ImportProperties.Place place) throws IOException {
    URI uri = URI.create(place.url());
    String bucket = uri.getHost();
    String path = uri.getPath().replaceAll("^/+|/+$", "");
    String prefix = path.isEmpty() ? "" : path + "/";
    List<DumpFile> files = new ArrayList<>();
    try {
      for (S3Object object :
          s3.listObjectsV2Paginator(ask -> ask.bucket(bucket).prefix(prefix).delimiter("/"))
              .contents()) {
        String name = object.key().substring(prefix.length());
        if (!name.isEmpty()) {
          files.add(
              new DumpFile(
                  name,
                  object.size(),
                  object.lastModified(),
                  null,
                  () -> open(bucket, object.key())));
        }
      }
      return files;
    } catch (SdkException e) {
      throw new IOException("cannot list " + place.url() + ": " + e.getMessage(), e);
    }
  }

  private InputStream open(String bucket, String key) throws IOException {
    try {
      return s3.getObject(ask -> ask.bucket(bucket).key(key));
    } catch (SdkException e) {
      throw new IOException("cannot read s3://" + bucket + "/" + key + ": " + e.getMessage(), e);
    }
  }
}
