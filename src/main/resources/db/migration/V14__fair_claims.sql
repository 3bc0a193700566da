-- Which runs wait behind the others, and how many retries a run began with. Both columns are added without
-- rewriting the table: the lock is held for milliseconds. When somebody holds the table for longer (a backup of
-- this database), the migration gives up instead of stopping the ledger's other users, and the next start tries again.
SET LOCAL lock_timeout = '10s';

ALTER TABLE hub.job_run
  ADD COLUMN catch_up boolean NOT NULL DEFAULT false,
  ADD COLUMN retries  integer;
COMMENT ON COLUMN hub.job_run.catch_up IS 'A missed fire that the misfire policy made up for: fresh runs go first, as before a backfill';
COMMENT ON COLUMN hub.job_run.retries IS 'Retries it was given; retries_left counts down from here. NULL: written by an older hub';
