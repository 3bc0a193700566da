package routes.repository.store;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import routes.repository.format.RepositoryException;

/**
 * What a repository needs of the place it lives in: whole objects by key, no folders, no appends.
 * Safe for use by many threads. Keys are relative, {@code /}-separated and checked by {@link
 * ObjectKeys#check}; every method refuses others with {@link IllegalArgumentException}.
 *
 * <p>An object is seen whole or not at all, also after a crash of the writer or of the machine. All
 * failures are {@link RepositoryException}s; retries of what may heal happen inside the store.
 */
public interface ObjectStore {

  /** An object as a listing shows it; {@code size} in bytes. */
  record Info(String key, long size, Instant modified) {}

  /**
   * Writes an object durably, replacing one of the same key.
   *
   * @param bytes not kept and not changed
   * @param offset first byte to write
   * @param length number of bytes to write, ≥ 0
   */
  void put(String key, byte[] bytes, int offset, int length);

  /** Writes a whole array durably, replacing an object of the same key. */
  default void put(String key, byte[] bytes) {
    put(key, bytes, 0, bytes.length);
  }

  /**
   * Writes an object durably unless its key is taken; of several racing writers one wins.
   *
   * @return false when the key was taken already. A store that retries after a lost answer may also
   *     say false of its own write, so a caller who cares compares what is there.
   */
  boolean create(String key, byte[] bytes);

  /**
   * Reads a whole object.
   *
   * @param limit largest size accepted, in bytes
   * @return empty when there is none
   * @throws ObjectTooLargeException when the object is larger than {@code limit}; nothing of that
   *     size is allocated
   */
  Optional<byte[]> get(String key, int limit);

  /**
   * Reads a whole object to the start of an array, which is the caller's to use again.
   *
   * @return its size in bytes, empty when there is none
   * @throws ObjectTooLargeException when it does not fit; what is in the array then is nobody's
   */
  OptionalInt read(String key, byte[] into);

  /** Size of an object in bytes, empty when there is none. Moves no content. */
  OptionalLong size(String key);

  /**
   * All objects whose key starts with {@code prefix} (a string prefix, may be empty), in no
   * promised order, fetched page by page as the stream is consumed. Objects written or deleted
   * meanwhile may or may not show.
   */
  Stream<Info> list(String prefix);

  /** Deletes an object; one that is not there is no error. */
  void delete(String key);

  /** Where this is, for messages and logs, without secrets: {@code s3://bucket/prefix}. */
  String describe();
}
