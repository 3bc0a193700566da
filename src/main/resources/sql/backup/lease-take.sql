-- Notes a lease. The caller holds the advisory lock and has looked for what stands in its way.
INSERT INTO hub.repository_lease (run_id, attempt, kind, place, source, snapshot)
VALUES (:run, :attempt, :kind, :place, :source, :snapshot)
RETURNING id
