-- Pauses a trigger, or lets it go on. What it missed while paused stays missed: that was the wish.
UPDATE hub.trigger_state
SET paused_at = CASE WHEN :paused THEN coalesce(paused_at, now()) END,
    paused_by = CASE WHEN :paused THEN coalesce(paused_by, :by) END,
    covered_until = CASE WHEN :paused THEN covered_until ELSE greatest(covered_until, now()) END
WHERE trigger_id = :triggerId
