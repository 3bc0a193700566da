-- A message failed for good, and with it what it tells of; each is a dead letter by now. No row: the lease was lost.
WITH head AS (
  UPDATE hub.delivery
  SET state = 'dead', ended_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL,
      last_status = :status, last_response = :response, last_error = :error, last_ms = :ms
  WHERE id = :id AND fence = :fence AND state = 'sending'
  RETURNING id)
, merged AS (
  UPDATE hub.delivery d SET state = 'dead', ended_at = clock_timestamp(), last_error = :error
  FROM head WHERE d.merged_into = head.id AND d.state = 'waiting')
SELECT count(*) FROM head
