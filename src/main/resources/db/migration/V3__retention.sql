-- Who works on the repository: the replicas of a hub share it. A row is made and deleted by a run,
-- and means nothing once that attempt of the run is over: whoever it would stand in the way of
-- deletes it then, and so takes the lease from a run that wakes up later.
CREATE TABLE hub.repository_lease (
  id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id   uuid        NOT NULL REFERENCES hub.job_run (id) ON DELETE CASCADE,
  attempt  integer     NOT NULL,
  kind     text        NOT NULL CHECK (kind IN ('write', 'read', 'restore', 'expire', 'sweep')),
  -- What is read; of an 'expire': the snapshot that is being removed at this moment.
  source   text,
  snapshot text,
  since    timestamptz NOT NULL DEFAULT now()
);

-- Pins, as they lie beside the snapshot in the repository: name -> by, reason, at, until.
ALTER TABLE hub.snapshot ADD COLUMN holds jsonb NOT NULL DEFAULT '{}';
