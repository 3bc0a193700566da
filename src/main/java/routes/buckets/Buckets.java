package routes.buckets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import routes.buckets.BucketProperties.Bucket;
import routes.kernel.errors.PermanentException;
import routes.stores.s3.S3Properties;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Buckets on the server of {@code hub.s3}: how they are, and steps that change them. */
@Component
record Buckets(S3Client s3, S3Properties properties) {

  /** Below it, ACLs name everybody, and everybody who has a key of any account. */
  private static final String GROUPS = "http://acs.amazonaws.com/groups/global/";

  /** What servers answer to a part of S3 that they do not have. */
  private static final Set<Integer> NOT_HAD = Set.of(405, 501);

  /**
   * @param wanted what it should be; only of that the server is asked
   * @throws PermanentException when this key may not look at it
   */
  BucketState look(String bucket, Bucket wanted) {
    try {
      s3.headBucket(request -> request.bucket(bucket));
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return BucketState.MISSING;
      }
      throw failed("look at", bucket, e);
    }
    Optional<ObjectLockConfiguration> lock =
        wanted.locked()
            ? ask(
                () ->
                    s3.getObjectLockConfiguration(r -> r.bucket(bucket)).objectLockConfiguration(),
                ObjectLockConfiguration.builder().build())
            : Optional.empty();
    return new BucketState(
        true,
        isEmpty(bucket),
        ask(
            () ->
                s3.getBucketVersioning(r -> r.bucket(bucket)).status()
                    == BucketVersioningStatus.ENABLED,
            false),
        lock.map(set -> set.objectLockEnabled() == ObjectLockEnabled.ENABLED),
        lock.map(Buckets::lockDays),
        wanted.keepDays() > 0 ? ask(() -> keepDays(bucket), 0) : Optional.empty(),
        openTo(bucket));
  }

  /**
   * Does a step that changes something.
   *
   * @return whether it was done; false: the server has no such thing
   * @throws PermanentException when the server refuses
   */
  boolean does(BucketSteps.Action step, String bucket, Bucket wanted) {
    try {
      switch (step) {
        case MAKE -> make(bucket, wanted.locked());
        case VERSION ->
            s3.putBucketVersioning(
                request ->
                    request
                        .bucket(bucket)
                        .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        case LOCK -> lock(bucket, wanted.lockDays());
        case EXPIRE -> expire(bucket, wanted.keepDays());
        case TELL, REFUSE -> throw new IllegalArgumentException(step + " changes nothing");
      }
      return true;
    } catch (S3Exception e) {
      if (isNotHad(e)) {
        return false;
      }
      throw failed(step.name().toLowerCase(java.util.Locale.ROOT), bucket, e);
    }
  }

  private void make(String bucket, boolean locked) {
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(bucket);
    if (!properties.region().equals("us-east-1")) {
      request.createBucketConfiguration(c -> c.locationConstraint(properties.region()));
    }
    try {
      s3.createBucket(request.objectLockEnabledForBucket(locked ? true : null).build());
    } catch (S3Exception e) {
      if (e.awsErrorDetails() != null
          && "BucketAlreadyOwnedByYou".equals(e.awsErrorDetails().errorCode())) {
        return; // another hub made it at the same moment
      }
      if (!locked || !isNotHad(e)) {
        throw e;
      }
      // Better a bucket without lock, of which the next look tells, than none.
      s3.createBucket(request.objectLockEnabledForBucket(null).build());
    }
  }

  /** Governance, so that an administrator who must can shorten it; the hub's key may not. */
  private void lock(String bucket, int days) {
    s3.putObjectLockConfiguration(
        request ->
            request
                .bucket(bucket)
                .objectLockConfiguration(
                    lock ->
                        lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                            .rule(
                                rule ->
                                    rule.defaultRetention(
                                        retention ->
                                            retention
                                                .mode(ObjectLockRetentionMode.GOVERNANCE)
                                                .days(days)))));
  }

  private void expire(String bucket, int days) {
    s3.putBucketLifecycleConfiguration(
        request ->
            request
                .bucket(bucket)
                .lifecycleConfiguration(
                    all ->
                        all.rules(
                            LifecycleRule.builder()
                                .id("hub-older-versions")
                                .status(ExpirationStatus.ENABLED)
                                .filter(filter -> filter.prefix(""))
                                .noncurrentVersionExpiration(old -> old.noncurrentDays(days))
                                // What is left of an object that was deleted and whose versions
                                // went.
                                .expiration(rest -> rest.expiredObjectDeleteMarker(true))
                                .build())));
  }

  /** Whatever cannot be told is taken for full: nothing is changed then. */
  private boolean isEmpty(String bucket) {
    Optional<Boolean> versions =
        ask(
            () -> {
              var found = s3.listObjectVersions(r -> r.bucket(bucket).maxKeys(1));
              return found.versions().isEmpty() && found.deleteMarkers().isEmpty();
            },
            false);
    return versions
        .or(
            () ->
                ask(
                    () -> s3.listObjectsV2(r -> r.bucket(bucket).maxKeys(1)).keyCount() == 0,
                    false))
        .orElse(false);
  }

  private static int lockDays(ObjectLockConfiguration lock) {
    if (lock.rule() == null || lock.rule().defaultRetention() == null) {
      return 0;
    }
    Integer days = lock.rule().defaultRetention().days();
    Integer years = lock.rule().defaultRetention().years();
    return days != null ? days : years != null ? years * 365 : 0;
  }

  /** Of the rule that takes them first; 0: none does. */
  private int keepDays(String bucket) {
    return s3.getBucketLifecycleConfiguration(r -> r.bucket(bucket)).rules().stream()
        .filter(rule -> rule.status() == ExpirationStatus.ENABLED)
        .filter(rule -> rule.noncurrentVersionExpiration() != null)
        .map(rule -> rule.noncurrentVersionExpiration().noncurrentDays())
        .filter(days -> days != null)
        .min(Integer::compare)
        .orElse(0);
  }

  private List<String> openTo(String bucket) {
    List<String> whom = new ArrayList<>();
    if (ask(() -> s3.getBucketPolicyStatus(r -> r.bucket(bucket)).policyStatus().isPublic(), false)
        .orElse(false)) {
      whom.add("everybody, by its policy; take that away: mc anonymous set none <alias>/" + bucket);
    }
    ask(() -> s3.getBucketAcl(r -> r.bucket(bucket)).grants(), List.<Grant>of())
        .orElse(List.of())
        .stream()
        .filter(grant -> grant.grantee() != null && grant.grantee().uri() != null)
        .filter(grant -> grant.grantee().uri().startsWith(GROUPS))
        .map(
            grant ->
                grant.grantee().uri().substring(GROUPS.length())
                    + ", who may "
                    + grant.permissionAsString()
                    + ", by its ACL; set it to private")
        .forEach(whom::add);
    return whom;
  }

  /**
   * @param none what it means that no such thing was ever set: 404
   * @return empty when the server has no such thing, or does not tell this key
   */
  private static <T> Optional<T> ask(Supplier<T> question, T none) {
    try {
      return Optional.of(question.get());
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.of(none);
      }
      if (e.statusCode() == 403 || isNotHad(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isNotHad(S3Exception e) {
    return NOT_HAD.contains(e.statusCode());
  }

  /** What the server refuses, no repeat heals; what it could not do just now, one may. */
  private static RuntimeException failed(String verb, String bucket, S3Exception e) {
    if (e.statusCode() >= 500 || e.statusCode() == 429) {
      return e;
    }
    String said = e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
    return new PermanentException(
        "cannot %s the bucket %s: the server answers %s%s%s"
            .formatted(
                verb,
                bucket,
                e.statusCode(),
                said,
                e.statusCode() == 403
                    ? "; it is another owner's, or the policy of hub.s3.access-key lacks that"
                    : ""),
        e);
  }
}
