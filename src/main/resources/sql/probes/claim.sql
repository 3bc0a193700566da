-- Whether a look is due, and this hub's: the one that moves the time forward looks. Repeat-safe: a
-- hub that comes second moves nothing. A hub that dies before it looked leaves the next look to the others.
WITH mine AS (
  UPDATE hub.probe_state SET looked_at = clock_timestamp()
  WHERE probe = :probe AND until IS NULL
    AND looked_at <= clock_timestamp() - make_interval(secs => CAST(:everyMs AS double precision) / 1000)
  RETURNING seq
)
SELECT EXISTS (SELECT FROM mine)
       OR NOT EXISTS (SELECT FROM hub.probe_state WHERE probe = :probe AND until IS NULL)
