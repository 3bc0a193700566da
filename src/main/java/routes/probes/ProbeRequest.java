package routes.probes;

import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code probes.run} takes. */
record ProbeRequest(
    @Param("only this one; empty: every one") @OneOf("hub.probes") @DefaultValue("")
        String probe) {}
