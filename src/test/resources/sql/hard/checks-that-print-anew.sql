-- Definitions that a restore prints otherwise than their first author's, as MLflow's.
CREATE TABLE runs (id text PRIMARY KEY, stage varchar(20), status varchar(20), n int,
  CONSTRAINT runs_lifecycle_stage CHECK (stage IN ('active', 'deleted')),
  CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED')),
  CHECK (n BETWEEN 1 AND 9));
INSERT INTO runs VALUES ('a', 'active', 'FAILED', 3);
CREATE VIEW active AS SELECT id FROM runs WHERE stage IN ('active', 'other') AND n BETWEEN 2 AND 5;
CREATE INDEX runs_few ON runs (n) WHERE status IN ('FAILED', 'KILLED');
CREATE FUNCTION two(a int, b text DEFAULT 'x', OUT c int) LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION two(a text) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;
