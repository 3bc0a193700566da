-- Ends a probe's state; the caller holds its row. How many seconds it had lasted.
UPDATE hub.probe_state SET until = greatest(since, now())
WHERE probe = :probe AND until IS NULL
RETURNING CAST(extract(epoch FROM until - since) AS bigint)
