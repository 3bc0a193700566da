package routes.buckets;

import java.util.List;
import java.util.Optional;

/**
 * What a server tells of one bucket. An empty {@link Optional} says that it has no such thing, does
 * not tell this key, or was not asked since nothing of it is wanted.
 *
 * @param exists whether it is there; all else is nothing when it is not
 * @param empty whether there is no object in it, of any version
 * @param versioned whether older versions are kept now
 * @param locked whether it was made with object lock
 * @param lockDays how long each new version is locked, days; 0: not
 * @param keepDays after how many days older versions go; 0: never
 * @param openTo who may read or write it without being named, such as {@code everybody, by its
 *     policy}
 */
record BucketState(
    boolean exists,
    boolean empty,
    Optional<Boolean> versioned,
    Optional<Boolean> locked,
    Optional<Integer> lockDays,
    Optional<Integer> keepDays,
    List<String> openTo) {

  static final BucketState MISSING =
      new BucketState(
          false,
          true,
          Optional.of(false),
          Optional.of(false),
          Optional.of(0),
          Optional.of(0),
          List.of());

  BucketState {
    openTo = List.copyOf(openTo);
  }
}
