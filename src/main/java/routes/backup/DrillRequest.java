package routes.backup;

import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code backup.drill} takes. */
record DrillRequest(
    @Param("the database's name under hub.sources") @OneOf("hub.sources") String source,
    @Param(
            "latest, stalest (proven longest ago, or never), a snapshot's id, or the beginning of one")
        @DefaultValue("latest")
        String snapshot,
    @Param("a copy's name under hub.copies; empty: the repository itself")
        @OneOf("hub.copies")
        @DefaultValue("")
        String copy) {}
