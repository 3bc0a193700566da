-- Gives a relay's lanes back, so that another need not wait for the end of the lease. Repeat-safe.
UPDATE hub.relay_lane SET owner = NULL, lease_until = NULL WHERE owner = :owner
