-- Writes a run asked for by a person or a program. Repeat-safe by its idempotency key.
INSERT INTO hub.job_run (id, job, trigger_kind, trigger_id, fire_time, params, dry_run, state, exclusive_key,
                         requested_by, retries, retries_left, backoff_ms, timeout_ms, replay_of, idempotency_key, request_hash,
                         traceparent, trace_id)
VALUES (:id, :job, :kind, :triggerId, now(), CAST(:params AS jsonb), :dryRun, 'queued', :exclusiveKey,
        :requestedBy, :retries, :retries, :backoffMs, :timeoutMs, :replayOf, :idempotencyKey, :requestHash,
        CAST(:traceparent AS text), substr(CAST(:traceparent AS text), 4, 32))
ON CONFLICT (idempotency_key) DO NOTHING
