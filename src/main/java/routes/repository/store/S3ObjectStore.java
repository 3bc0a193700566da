package routes.repository.store;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import routes.repository.format.RepositoryException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects below a prefix of an S3 bucket. Retries, time-outs and credentials are the client's. The
 * client stays its owner's to close.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int CONFLICT_ATTEMPTS = 5;
  private static final String TYPE = "application/octet-stream";

  private final S3Client s3;
  private final String bucket;
  private final String prefix;
  private final int pageSize;

  /**
   * @param prefix where the repository lies in the bucket, without outer slashes; empty for all of
   *     it
   */
  public S3ObjectStore(S3Client s3, String bucket, String prefix) {
    this(s3, bucket, prefix, 1000);
  }

  /**
   * @param pageSize objects per answer to a listing, 1 to S3's 1000
   */
  S3ObjectStore(S3Client s3, String bucket, String prefix, int pageSize) {
    this.pageSize = pageSize;
    this.s3 = s3;
    this.bucket = bucket;
    this.prefix = prefix.isEmpty() ? "" : ObjectKeys.check(prefix) + "/";
  }

  @Override
  public void put(String key, byte[] bytes, int offset, int length) {
    String name = name(key);
    call(
        "write",
        key,
        () ->
            s3.putObject(request -> request.bucket(bucket).key(name), body(bytes, offset, length)));
  }

  /** The SDK's own bodies copy the array; this one is read again for each of its retries. */
  private static RequestBody body(byte[] bytes, int offset, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, offset, length), length, TYPE);
  }

  @Override
  public boolean create(String key, byte[] bytes) {
    String name = name(key);
    for (int attempt = 1; ; attempt++) {
      try {
        s3.putObject(
            request -> request.bucket(bucket).key(name).ifNoneMatch("*"),
            body(bytes, 0, bytes.length));
        return true;
      } catch (S3Exception e) {
        if (e.statusCode() == 412) {
          return false;
        }
        // Another writer of the key was at it at the same time; it may have won, or given up.
        if (e.statusCode() != 409 || attempt == CONFLICT_ATTEMPTS) {
          throw failed("create", key, e);
        }
        if (size(key).isPresent()) {
          return false;
        }
      } catch (SdkException e) {
        throw failed("create", key, e);
      }
    }
  }

  /** What an answer to a read held; no bytes when it was over the limit. */
  private record Fetched(long size, byte[] bytes) {}

  @Override
  public Optional<byte[]> get(String key, int limit) {
    return fetch(key, limit, byte[]::new).map(Fetched::bytes);
  }

  @Override
  public OptionalInt read(String key, byte[] into) {
    return fetch(key, into.length, size -> into)
        .map(fetched -> OptionalInt.of((int) fetched.size()))
        .orElse(OptionalInt.empty());
  }

  private Optional<Fetched> fetch(String key, int limit, IntFunction<byte[]> array) {
    String name = name(key);
    Optional<Fetched> fetched =
        call(
            "read",
            key,
            () ->
                absentOn404(
                    () ->
                        s3.getObject(
                            request -> request.bucket(bucket).key(name),
                            (response, content) ->
                                fetch(response.contentLength(), content, limit, array))));
    fetched
        .filter(object -> object.bytes() == null)
        .ifPresent(
            object -> {
              throw new ObjectTooLargeException(key, object.size(), limit);
            });
    return fetched;
  }

  /** An IOException in here is retried by the SDK as a whole request. */
  private static Fetched fetch(
      long size, AbortableInputStream content, int limit, IntFunction<byte[]> array)
      throws IOException {
    if (size > limit) {
      content.abort();
      return new Fetched(size, null);
    }
    byte[] bytes = array.apply((int) size);
    if (content.readNBytes(bytes, 0, (int) size) < size) {
      throw new EOFException("the answer ended early");
    }
    return new Fetched(size, bytes);
  }

  @Override
  public OptionalLong size(String key) {
    String name = name(key);
    return call(
        "look at",
        key,
        () ->
            absentOn404(() -> s3.headObject(request -> request.bucket(bucket).key(name)))
                .map(head -> OptionalLong.of(head.contentLength()))
                .orElse(OptionalLong.empty()));
  }

  @Override
  public Stream<Info> list(String keys) {
    ObjectKeys.checkPrefix(keys);
    Iterator<S3Object> objects =
        call(
            "list",
            keys,
            () ->
                s3.listObjectsV2Paginator(
                        request -> request.bucket(bucket).prefix(prefix + keys).maxKeys(pageSize))
                    .contents()
                    .iterator());
    return StreamSupport.stream(
            new Spliterators.AbstractSpliterator<S3Object>(Long.MAX_VALUE, Spliterator.NONNULL) {
              @Override
              public boolean tryAdvance(Consumer<? super S3Object> action) {
                // All pages but the first are asked for in here.
                boolean more = call("list", keys, objects::hasNext);
                if (more) {
                  action.accept(objects.next());
                }
                return more;
              }
            },
            false)
        .filter(object -> !object.key().endsWith("/"))
        .map(this::info);
  }

  private Info info(S3Object object) {
    return new Info(object.key().substring(prefix.length()), object.size(), object.lastModified());
  }

  @Override
  public void delete(String key) {
    String name = name(key);
    call(
        "delete",
        key,
        () -> absentOn404(() -> s3.deleteObject(request -> request.bucket(bucket).key(name))));
  }

  @Override
  public String describe() {
    return "s3://" + bucket + "/" + prefix;
  }

  private String name(String key) {
    return prefix + ObjectKeys.check(key);
  }

  private static <T> Optional<T> absentOn404(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (NoSuchBucketException e) {
      throw e;
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private <T> T call(String verb, String key, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failed(verb, key, e);
    }
  }

  private RepositoryException failed(String verb, String key, SdkException e) {
    String what = "cannot " + verb + " '" + key + "' in " + describe() + ": ";
    if (e instanceof NoSuchBucketException) {
      return new StoreRefusedException(what + "there is no bucket " + bucket + "; create it", e);
    }
    if (e instanceof S3Exception answer
        && (answer.statusCode() == 401 || answer.statusCode() == 403)) {
      return new StoreRefusedException(
          what
              + "refused with status "
              + answer.statusCode()
              + "; check the keys, and that they may list, read, write and delete there",
          e);
    }
    return new StoreUnavailableException(what + e.getMessage(), e);
  }
}
