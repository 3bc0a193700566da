-- Notes a chunk of a snapshot as damaged. Repeat-safe: the first finding stays.
INSERT INTO hub.damaged_chunk (source, snapshot, chunk) VALUES (:source, :snapshot, :chunk)
ON CONFLICT DO NOTHING
