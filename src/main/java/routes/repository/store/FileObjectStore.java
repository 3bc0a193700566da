package routes.repository.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import routes.repository.format.RepositoryException;

/**
 * Objects as files below a folder, readable by their owner only.
 *
 * <p>An object is written to a file in {@code .tmp/}, forced to disk, then moved (put) or
 * hard-linked (create) to its name, and the folder is forced too: after a crash there is either the
 * whole object or a forgotten file in {@code .tmp/}, which a later open removes once it is a day
 * old. The folder must lie on one file system that has hard links and atomic renames.
 */
public final class FileObjectStore implements ObjectStore {
  static final String TEMP = ".tmp";
  private static final Duration TEMP_LIFE = Duration.ofDays(1);

  /** Of a file at a time: the JDK keeps as much per thread, outside of the heap, for ever. */
  private static final int PIECE = 256 << 10;

  /** What the system calls a disk, or a share of one, that is full. */
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "Disc quota exceeded");

  private final Path root;
  private final Path temp;

  private FileObjectStore(Path root) {
    this.root = root;
    this.temp = root.resolve(TEMP);
  }

  /** Opens a folder, made when it is missing, and removes what crashed writers left long ago. */
  public static FileObjectStore open(Path folder, Clock clock) {
    FileObjectStore store = new FileObjectStore(folder.toAbsolutePath().normalize());
    try {
      store.makeFolder(store.temp);
      store.removeOldTemps(clock.instant().minus(TEMP_LIFE));
    } catch (IOException e) {
      throw store.failed("open", store.root.toString(), e);
    }
    return store;
  }

  private void removeOldTemps(Instant before) throws IOException {
    for (Path file : children(temp)) {
      Optional<BasicFileAttributes> attributes = attributes(file);
      if (attributes.isPresent()
          && attributes.get().lastModifiedTime().compareTo(FileTime.from(before)) < 0) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public void put(String key, byte[] bytes, int offset, int length) {
    Path target = path(key);
    try {
      makeFolder(target.getParent());
      Path written = writeTemp(bytes, offset, length);
      try {
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(written);
      }
      force(target.getParent());
    } catch (IOException e) {
      throw failed("write", key, e);
    }
  }

  @Override
  public boolean create(String key, byte[] bytes) {
    Path target = path(key);
    try {
      makeFolder(target.getParent());
      Path written = writeTemp(bytes, 0, bytes.length);
      try {
        Files.createLink(target, written);
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (UnsupportedOperationException e) {
        throw new StoreRefusedException(
            "the file system of " + root + " has no hard links, which create-only needs", e);
      } finally {
        Files.deleteIfExists(written);
      }
      force(target.getParent());
      return true;
    } catch (IOException e) {
      throw failed("create", key, e);
    }
  }

  private Path writeTemp(byte[] bytes, int offset, int length) throws IOException {
    Path file = Files.createTempFile(temp, "put", "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int at = 0; at < length; ) {
        at += channel.write(ByteBuffer.wrap(bytes, offset + at, Math.min(PIECE, length - at)));
      }
      channel.force(true);
      return file;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public Optional<byte[]> get(String key, int limit) {
    return read(key, limit, ByteBuffer::allocate).map(ByteBuffer::array);
  }

  @Override
  public OptionalInt read(String key, byte[] into) {
    return read(key, into.length, size -> ByteBuffer.wrap(into, 0, size))
        .map(read -> OptionalInt.of(read.position()))
        .orElse(OptionalInt.empty());
  }

  private Optional<ByteBuffer> read(String key, int limit, IntFunction<ByteBuffer> room) {
    Path file = path(key);
    if (size(key).isEmpty()) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > limit) {
        throw new ObjectTooLargeException(key, size, limit);
      }
      ByteBuffer content = room.apply((int) size);
      while (content.hasRemaining()) {
        ByteBuffer piece = content.slice().limit(Math.min(PIECE, content.remaining()));
        int read = channel.read(piece);
        if (read < 0) {
          throw new IOException("it became shorter while it was read");
        }
        content.position(content.position() + read);
      }
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public OptionalLong size(String key) {
    try {
      return attributes(path(key))
          .filter(BasicFileAttributes::isRegularFile)
          .map(found -> OptionalLong.of(found.size()))
          .orElse(OptionalLong.empty());
    } catch (IOException e) {
      throw failed("look at", key, e);
    }
  }

  @Override
  public Stream<Info> list(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    Path start = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    Deque<Path> folders = new ArrayDeque<>(List.of(start));
    // One folder's names in memory at a time, and no folder left open when the caller stops early.
    return Stream.iterate(folders, left -> !left.isEmpty(), left -> left)
        .flatMap(left -> objects(left.pop(), left))
        .filter(object -> object.key().startsWith(prefix));
  }

  private Stream<Info> objects(Path folder, Deque<Path> folders) {
    try {
      Stream.Builder<Info> objects = Stream.builder();
      for (Path child : children(folder)) {
        Optional<BasicFileAttributes> found = attributes(child);
        if (found.isEmpty() || child.equals(temp)) {
          continue;
        }
        if (found.get().isDirectory()) {
          folders.push(child);
        } else if (found.get().isRegularFile()) {
          objects.add(
              new Info(key(child), found.get().size(), found.get().lastModifiedTime().toInstant()));
        }
      }
      return objects.build();
    } catch (IOException e) {
      throw failed("list", folder.toString(), e);
    }
  }

  @Override
  public void delete(String key) {
    Path file = path(key);
    try {
      if (size(key).isPresent() && Files.deleteIfExists(file)) {
        force(file.getParent());
      }
    } catch (IOException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public String describe() {
    return "file:" + root;
  }

  private Path path(String key) {
    return root.resolve(ObjectKeys.check(key));
  }

  private String key(Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  /** Makes a folder and those above it; each lasts only once the one above is forced. */
  private void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    makeFolder(folder.getParent());
    try {
      Files.createDirectory(folder);
      if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    force(folder.getParent());
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Collection<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private RepositoryException failed(String verb, String what, IOException e) {
    String told = "cannot " + verb + " " + what + " in " + describe() + ": " + reason(e);
    if (FULL.stream().anyMatch(told::contains)) {
      return new StoreFullException(
          told + "; make free space there: what is in the repository stays as it is", e);
    }
    return new StoreUnavailableException(
        told + "; check that the folder is mounted, writable by this user and has free space", e);
  }

  /** The system's words for it; Java's message for these is a bare path. */
  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }
}
