-- A message reached its target, and with it what it tells of. No row: the lease was lost, another hub sends it too.
WITH head AS (
  UPDATE hub.delivery
  SET state = 'delivered', ended_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL,
      last_status = :status, last_response = :response, last_error = NULL, last_ms = :ms
  WHERE id = :id AND fence = :fence AND state = 'sending'
  RETURNING id)
, merged AS (
  UPDATE hub.delivery d SET state = 'merged', ended_at = clock_timestamp()
  FROM head WHERE d.merged_into = head.id AND d.state = 'waiting')
SELECT count(*) FROM head
