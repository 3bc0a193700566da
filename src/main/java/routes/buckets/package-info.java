/**
 * The platform's buckets. {@code buckets.apply} makes the buckets of {@code hub.buckets.*} as they
 * are configured: {@link routes.buckets.BucketSteps} decides what is to be done, {@link
 * routes.buckets.Buckets} asks the server and does it.
 */
package routes.buckets;
