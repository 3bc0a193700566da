package routes.artifacts;

/**
 * Body of {@code direct:buckets.apply}.
 *
 * @param bucket only this one; empty: every one under {@code hub.buckets}
 */
record BucketRequest(String bucket) {}
