-- Notes what reading every byte of a snapshot found. Damage takes back what a drill proved; a snapshot
-- found whole is not proven by that.
UPDATE hub.snapshot
SET read_at = now(), intact = :intact, read_detail = :detail,
    verified = CASE WHEN NOT :intact AND verified THEN false ELSE verified END
WHERE source = :source AND id = :id
