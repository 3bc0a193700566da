-- How much the events matter that a message tells of.
SELECT DISTINCT coalesce(CAST(envelope AS json) ->> 'severity', 'info') FROM hub.delivery WHERE merged_into = :head
