-- The events that a message holds in full, beside the first, oldest first.
SELECT envelope FROM hub.delivery WHERE merged_into = :head ORDER BY seq LIMIT :most
