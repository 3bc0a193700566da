-- Keeps the table bounded: what ended a while ago goes, 5,000 rows at a time. Repeat-safe.
DELETE FROM hub.delivery
WHERE seq IN (SELECT seq FROM hub.delivery
              WHERE ended_at < clock_timestamp() - make_interval(secs => CAST(:keepMs AS double precision) / 1000)
              LIMIT 5000 FOR UPDATE SKIP LOCKED)
