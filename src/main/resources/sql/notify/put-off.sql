-- An attempt failed and another follows. No row: the lease was lost.
UPDATE hub.delivery
SET state = 'waiting', lease_owner = NULL, lease_until = NULL,
    not_before = clock_timestamp() + make_interval(secs => CAST(:waitMs AS double precision) / 1000),
    last_status = :status, last_response = :response, last_error = :error, last_ms = :ms
WHERE id = :id AND fence = :fence AND state = 'sending'
