package routes.buckets;

import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code buckets.apply} takes. */
record BucketRequest(
    @Param("only this one; empty: every one") @OneOf("hub.buckets") @DefaultValue("")
        String bucket) {}
