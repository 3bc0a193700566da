package routes.devservices;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** As whom a server runs: PostgreSQL refuses root, and containers often are root. */
enum RunAs {
  /** This JVM's own user, not root. */
  SELF(List.of(), -1),
  /**
   * Root, seen as nobody inside a user namespace without a mapping. Files stay root's, so a
   * directory under {@code /root} works.
   */
  NAMESPACE(List.of("unshare", "-U"), 0),
  /** The user nobody, for where namespaces are forbidden. It must reach the files itself. */
  NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"), 65534);

  private static final Path ELSEWHERE = Path.of("/var/tmp");
  private static final String PREFIX = "ml-security-hub-";

  private final List<String> prefix;
  private final int owner;

  RunAs(List<String> prefix, int owner) {
    this.prefix = prefix;
    this.owner = owner;
  }

  /** What this machine allows. */
  static RunAs choose() {
    if (new UnixSystem().getUid() != 0) {
      return SELF;
    }
    return NAMESPACE.works() ? NAMESPACE : NOBODY;
  }

  /** True when a command can be run this way. */
  boolean works() {
    try {
      return Commands.exitCode(command(List.of("true"))) == 0;
    } catch (UncheckedIOException e) {
      return false; // the tool itself is missing
    }
  }

  /** The command as it must be started. Each prefix replaces itself: the pid is the server's. */
  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  /**
   * The directory a server may use in place of {@code wanted}: the same, unless the user it runs as
   * cannot get there, then one under {@code /var/tmp} derived from it.
   */
  Path place(Path wanted) throws IOException {
    if (this != NOBODY || othersMayPass(wanted)) {
      return wanted;
    }
    Path parent = ELSEWHERE.resolve(PREFIX + Integer.toHexString(wanted.hashCode()));
    create(parent, "rwx--x--x");
    requireOwn(parent);
    return parent.resolve(wanted.getFileName());
  }

  /** Deletes what {@link #place} gave, and the directory made for it. */
  static void discard(Path placed) {
    DevServices.delete(placed);
    if (placed.getParent().startsWith(ELSEWHERE)
        && placed.getParent().getFileName().toString().startsWith(PREFIX)) {
      DevServices.delete(placed.getParent());
    }
  }

  /** Hands {@code tree} to the user the server runs as, when another way was used before. */
  void own(Path tree) throws IOException {
    if (owner < 0 || Files.notExists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if ((int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) != owner) {
          Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(file, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static boolean othersMayPass(Path wanted) throws IOException {
    for (Path above = wanted.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above)
          && !Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  private static void requireOwn(Path directory) throws IOException {
    int uid = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (uid != new UnixSystem().getUid()) {
      throw new IOException(directory + " belongs to another user (" + uid + ")");
    }
  }

  /** Mode 0755. */
  static void openToAll(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static void create(Path directory, String mode) throws IOException {
    if (Files.notExists(directory)) {
      Files.createDirectories(directory.getParent());
      Files.createDirectory(
          directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    }
  }
}
