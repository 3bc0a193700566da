-- Sends a delivery again: one that is dead or dropped from its first attempt, one that waits at once. What a
-- message that waits tells of stays as it is: its receiver may know its id; so it goes to no other target while it
-- tells of others. A null changes nothing. Repeat-safe.
UPDATE hub.delivery d
SET state = 'waiting', attempts = CASE WHEN kept THEN attempts ELSE 0 END, not_before = clock_timestamp(),
    ended_at = NULL, merged_into = NULL, bundle = NULL, message = CASE WHEN kept THEN message END,
    merges = CASE WHEN kept THEN merges ELSE 0 END,
    envelope = coalesce(CAST(:envelope AS text), envelope),
    target = coalesce(CAST(:target AS text), target), rule = coalesce(CAST(:rule AS text), rule),
    channel = coalesce(CAST(:channel AS text), channel), event_id = coalesce(CAST(CAST(:event AS text) AS uuid), event_id)
FROM (SELECT id AS was, state = 'waiting' AND target = coalesce(CAST(:target AS text), target) AS kept
      FROM hub.delivery WHERE id = :id FOR UPDATE) w
WHERE d.id = w.was
  AND (state IN ('dead', 'dropped') OR state = 'waiting' AND merged_into IS NULL AND (kept OR merges = 0))
