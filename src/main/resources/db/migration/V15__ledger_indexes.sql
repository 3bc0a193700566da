-- Indexes for a ledger of many runs: no list, metric, claim or delete reads the whole table. While they are built,
-- runs can be read and not written: seconds per million rows. A hub of an older version that works meanwhile waits as
-- long; runs of its own whose lease lapses in that time are tried again.
SET LOCAL lock_timeout = '10s';

-- Lists: by job, by trigger, by neither; in one state or in each of the six. No column is ever NULL: NULLS LAST is an
-- order that job_run_newest does not have, else a list of what is rare would read that one from end to end.
CREATE INDEX job_run_state ON hub.job_run (state, queued_at DESC NULLS LAST, id DESC NULLS LAST);
CREATE INDEX job_run_job ON hub.job_run (job, state, queued_at DESC NULLS LAST, id DESC NULLS LAST);
CREATE INDEX job_run_trigger_state ON hub.job_run
  (trigger_id, state, queued_at DESC NULLS LAST, id DESC NULLS LAST);
-- A trigger's last success, and what failed since.
CREATE INDEX job_run_outcome ON hub.job_run (trigger_id, state, fire_time DESC) WHERE state IN ('succeeded', 'failed');
-- How the last backup, drill, retention or sweep of a source ended, in the repository ('') or in a copy.
CREATE INDEX job_run_place ON hub.job_run
  (job, coalesce(params ->> 'copy', ''), coalesce(params ->> 'source', ''), finished_at DESC)
  WHERE state IN ('succeeded', 'failed') AND NOT dry_run;
-- A renewal changes no column of any index, so it is written to none.
CREATE INDEX job_run_running ON hub.job_run (lease_owner) WHERE state = 'running';
-- Deleting a run asks who refers to it.
CREATE INDEX job_run_replay ON hub.job_run (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX repository_lease_run ON hub.repository_lease (run_id);
