package routes.backup.copy;

import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code backup.copy} takes. */
record CopyRequest(
    @Param("the copy's name under hub.copies") @OneOf("hub.copies") String copy,
    @Param("only this source's; empty: every source's") @DefaultValue("") String source,
    @Param("latest, all, a snapshot's id, or the beginning of one") @DefaultValue("latest")
        String snapshot) {}
