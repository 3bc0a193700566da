-- How many messages of a rule a target was sent within a span.
SELECT count(*) FROM hub.delivery
WHERE target = :target AND rule = :rule
  AND first_tried_at > clock_timestamp() - make_interval(secs => CAST(:perMs AS double precision) / 1000)
