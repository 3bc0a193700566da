package routes.backup.retention;

import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code retention.snapshots} takes. */
public record RetentionRequest(
    @Param("the database's name under hub.sources") @OneOf("hub.sources") String source,
    @Param("the digest of a dry run's plan: remove exactly that, or nothing") Optional<String> plan,
    @Param("a copy's name under hub.copies; empty: the repository itself")
        @OneOf("hub.copies")
        @DefaultValue("")
        String copy) {}
