-- Asks a run to stop; its owner sees it within two seconds. Repeat-safe: the first asker stays.
UPDATE hub.job_run
SET cancel_asked_at = coalesce(cancel_asked_at, now()), cancel_asked_by = coalesce(cancel_asked_by, :by)
WHERE id = :id AND state IN ('queued', 'running')
