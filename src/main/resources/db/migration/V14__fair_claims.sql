-- Which runs wait behind the others, and how many retries a run began with. Both columns are added without
-- rewriting the table: the lock is held for milliseconds. When somebody holds the table for longer (a backup of
-- this database), the migration gives up instead of stopping the ledger's other users, and the next start tries again.
SET LOCAL lock_timeout = '10s';

ALTER TABLE hub.job_run
  ADD COLUMN catch_up boolean NOT NULL DEFAULT false,
  ADD COLUMN retries  integer;
COMMENT ON COLUMN hub.job_run.catch_up IS 'A missed fire that the misfire policy made up for: fresh runs go first, as before a backfill';
COMMENT ON COLUMN hub.job_run.retries IS 'Retries it was given; retries_left counts down from here. NULL: written by an older hub';

-- A run can be deleted although another one was made from it.
ALTER TABLE hub.job_run
  DROP CONSTRAINT job_run_replay_of_fkey,
  ADD CONSTRAINT job_run_replay_of_fkey FOREIGN KEY (replay_of) REFERENCES hub.job_run (id) ON DELETE SET NULL;

-- V15 makes better ones. Dropped here, where the table is locked anyway: a lock that V15 would keep for its whole time.
-- job_run_lease held lease_until, so that each renewal of a lease wrote to all indexes of the table.
DROP INDEX hub.job_run_lease, hub.job_run_job, hub.job_run_source;
