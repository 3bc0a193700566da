-- Pauses a trigger, or lets it go on. What it missed while paused stays missed: that was the wish.
-- Repeat-safe: the first who paused it stays, and one that is not paused keeps the fires that are
-- still to be made up for. Inserts, since a trigger may be paused before the
-- runner has taken it into the books.
INSERT INTO hub.trigger_state AS t (trigger_id, covered_until, schedule, paused_at, paused_by)
VALUES (:triggerId, now(), :schedule, CASE WHEN :paused THEN now() END, CASE WHEN :paused THEN :by END)
ON CONFLICT (trigger_id) DO UPDATE
SET paused_at = CASE WHEN :paused THEN coalesce(t.paused_at, now()) END,
    paused_by = CASE WHEN :paused THEN coalesce(t.paused_by, :by) END,
    covered_until = CASE WHEN :paused OR t.paused_at IS NULL THEN t.covered_until
                         ELSE greatest(t.covered_until, now()) END
