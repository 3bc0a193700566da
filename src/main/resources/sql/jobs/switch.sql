-- The one switch for all triggers. Switched on again, what was missed meanwhile stays missed.
WITH flip AS (
  UPDATE hub.switch SET is_on = :on, changed_at = now(), changed_by = :by
  WHERE name = 'triggers' AND is_on <> :on RETURNING is_on)
UPDATE hub.trigger_state SET covered_until = greatest(covered_until, now()) WHERE (SELECT is_on FROM flip)
