-- A snapshot is noted before its manifest is written: a hub that is killed in between leaves a line
-- that is not published, and whoever lists snapshots looks into the repository for it.
ALTER TABLE hub.snapshot ADD COLUMN published boolean NOT NULL DEFAULT true;
CREATE INDEX snapshot_pending ON hub.snapshot (source, id) WHERE NOT published;
