-- Sends a delivery again, from its first attempt: one that is dead, dropped, or waits. Repeat-safe.
UPDATE hub.delivery
SET state = 'waiting', attempts = 0, not_before = clock_timestamp(), ended_at = NULL, merged_into = NULL,
    bundle = NULL, message = CASE WHEN state = 'waiting' THEN message END,
    merges = CASE WHEN state = 'waiting' THEN merges ELSE 0 END,
    envelope = coalesce(CAST(:envelope AS text), envelope)
WHERE id = :id AND (state IN ('dead', 'dropped') OR state = 'waiting' AND merged_into IS NULL)
