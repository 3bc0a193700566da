-- The answer that a repeat is given.
SELECT request_hash, ids FROM hub.publication WHERE key = :key
