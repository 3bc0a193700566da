-- Sends a delivery again: one that is dead or dropped from its first attempt, one that waits at once. What a
-- message that waits tells of stays as it is: its receiver may know its id. Repeat-safe.
UPDATE hub.delivery
SET state = 'waiting', attempts = CASE WHEN state = 'waiting' THEN attempts ELSE 0 END, not_before = clock_timestamp(), ended_at = NULL, merged_into = NULL,
    bundle = NULL, message = CASE WHEN state = 'waiting' THEN message END,
    merges = CASE WHEN state = 'waiting' THEN merges ELSE 0 END,
    envelope = coalesce(CAST(:envelope AS text), envelope)
WHERE id = :id AND (state IN ('dead', 'dropped') OR state = 'waiting' AND merged_into IS NULL)
