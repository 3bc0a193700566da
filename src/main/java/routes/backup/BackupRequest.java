package routes.backup;

import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code backup.postgres} takes. */
record BackupRequest(
    @Param("the database's name under hub.sources") @OneOf("hub.sources") String source) {}
