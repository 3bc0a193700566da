/**
 * The platform's artifacts. {@code buckets.apply} sees to it that the buckets of {@code
 * hub.buckets.*} are there as configured: {@link routes.artifacts.BucketSteps} decides what is to
 * be done, {@link routes.artifacts.Buckets} asks the server and does it.
 */
package routes.artifacts;
