-- What a snapshot is: what the hub took itself, or a dump from elsewhere.
ALTER TABLE hub.snapshot ADD COLUMN kind text NOT NULL DEFAULT 'postgres';
COMMENT ON COLUMN hub.snapshot.kind IS 'As its manifest says; sql: imported, and never counted as a backup of this hub';
