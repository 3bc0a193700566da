-- A materialized view over rows that are hidden from their owner, too.
CREATE TABLE hidden (id int PRIMARY KEY, v int);
INSERT INTO hidden SELECT g, g % 5 FROM generate_series(1, 100) g;
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY nobody ON hidden USING (false);
CREATE MATERIALIZED VIEW counted AS SELECT v, count(*) FROM hidden GROUP BY v;
CREATE UNIQUE INDEX counted_v ON counted (v);
