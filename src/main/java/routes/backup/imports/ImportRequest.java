package routes.backup.imports;

import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code backup.import} takes. */
record ImportRequest(
    @Param("the import's name under hub.imports") @OneOf("hub.imports") String from) {}
