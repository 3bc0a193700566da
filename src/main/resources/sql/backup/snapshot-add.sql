-- Takes a snapshot into the catalogue, or says that one is published. Repeat-safe: a snapshot never
-- changes, and one that is published stays so. One row: it was not listed until now.
INSERT INTO hub.snapshot (source, id, taken_at, finished_at, row_count, plain_bytes, stored_bytes, new_bytes, run_id,
                          kind, published)
VALUES (:source, :id, :takenAt, :finishedAt, :rows, :plainBytes, :storedBytes, :newBytes, :run,
        :kind, :published)
ON CONFLICT (source, id) DO UPDATE SET published = true WHERE EXCLUDED.published AND NOT hub.snapshot.published
