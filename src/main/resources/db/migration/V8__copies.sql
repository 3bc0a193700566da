-- Which repository a lease is on: the hub's own (empty), or a copy by its name. What is done in one
-- place stands in nobody's way in another.
ALTER TABLE hub.repository_lease ADD COLUMN place text NOT NULL DEFAULT '';
