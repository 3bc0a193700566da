-- Takes a snapshot into the catalogue. Repeat-safe: a snapshot never changes.
INSERT INTO hub.snapshot (source, id, taken_at, finished_at, row_count, plain_bytes, stored_bytes, new_bytes, run_id,
                          kind)
VALUES (:source, :id, :takenAt, :finishedAt, :rows, :plainBytes, :storedBytes, :newBytes, :run,
        :kind)
ON CONFLICT (source, id) DO NOTHING
