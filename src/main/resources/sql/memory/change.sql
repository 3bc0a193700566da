-- Moves a level; of two replicas that see the same change one writes a row.
UPDATE hub.memory_level SET level = :level, since = now()
WHERE what = :what AND level = :before
