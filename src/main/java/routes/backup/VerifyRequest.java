package routes.backup;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code backup.verify} takes. */
record VerifyRequest(
    @Param("the database's name under hub.sources") @OneOf("hub.sources") String source,
    @Param("latest, all, a snapshot's id, or the beginning of one") @DefaultValue("latest")
        String snapshot,
    @Param("percent of the chunks to read; under 100, today's share of a round of days")
        @DefaultValue("100")
        @Min(1)
        @Max(100)
        int share,
    @Param("a copy's name under hub.copies; empty: the repository itself")
        @OneOf("hub.copies")
        @DefaultValue("")
        String copy) {}
