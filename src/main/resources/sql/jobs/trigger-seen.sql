-- Takes a trigger into the books, or follows a change of its schedule: the count of missed fires
-- then starts anew. Repeat-safe: an unchanged trigger is left as it is.
INSERT INTO hub.trigger_state (trigger_id, covered_until, schedule) VALUES (:triggerId, :now, :schedule)
ON CONFLICT (trigger_id) DO UPDATE SET covered_until = excluded.covered_until, schedule = excluded.schedule
WHERE hub.trigger_state.schedule <> excluded.schedule
