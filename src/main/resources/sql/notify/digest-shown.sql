-- The events that a message holds in full, beside the first, oldest first: at most so many, and so many bytes.
SELECT envelope
FROM (SELECT seq, envelope, sum(octet_length(envelope)) OVER (ORDER BY seq) AS bytes
      FROM hub.delivery WHERE merged_into = :head ORDER BY seq LIMIT :most) shown
WHERE bytes <= :bytes
ORDER BY seq
