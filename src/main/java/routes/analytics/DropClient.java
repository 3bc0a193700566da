package routes.analytics;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The bucket as Camel's consumer of a drop sees it. By itself the consumer asks for the bucket when
 * the hub starts, lists one page (on AWS always the first, which settled files would fill), and
 * opens every file that it lists before it takes the first one.
 */
final class DropClient extends DelegatingS3Client {

  private volatile Map<String, S3Object> listed = Map.of();

  DropClient(S3Client s3) {
    super(s3);
  }

  /** A bucket that is missing, or a server that does not answer, shows at the next look. */
  @Override
  public HeadBucketResponse headBucket(HeadBucketRequest asked) {
    return HeadBucketResponse.builder().build();
  }

  /** What waits to be taken, on whatever page it stands. */
  @Override
  public ListObjectsResponse listObjects(ListObjectsRequest asked) {
    List<S3Object> waiting =
        listObjectsV2Paginator(list -> list.bucket(asked.bucket()).prefix(asked.prefix()))
            .contents()
            .stream()
            .filter(file -> Drops.isWaiting(asked.prefix(), file.key()))
            .limit(asked.maxKeys())
            .toList();
    listed = waiting.stream().collect(Collectors.toMap(S3Object::key, file -> file));
    return ListObjectsResponse.builder().contents(waiting).isTruncated(false).build();
  }

  /** What the list says of a file, without its content, which is read when its turn comes. */
  @Override
  public <T> T getObject(
      GetObjectRequest asked, ResponseTransformer<GetObjectResponse, T> transformer) {
    S3Object file = listed.get(asked.key());
    try {
      return transformer.transform(
          GetObjectResponse.builder()
              .eTag(file.eTag())
              .lastModified(file.lastModified())
              .contentLength(file.size())
              .build(),
          AbortableInputStream.createEmpty());
    } catch (Exception e) {
      throw new IllegalStateException("a file of the drop cannot be shown to its route", e);
    }
  }
}
