-- Moves a trigger's watermark forward, never back.
UPDATE hub.trigger_state SET covered_until = :until WHERE trigger_id = :triggerId AND covered_until < :until
