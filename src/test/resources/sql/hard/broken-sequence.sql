-- A table that cannot be made, with its sequence; other sequences are sound.
CREATE TABLE good (id serial PRIMARY KEY, v text); INSERT INTO good(v) SELECT 'x' FROM generate_series(1,100);
CREATE SEQUENCE solo START 77; SELECT nextval('solo');
CREATE FUNCTION helper(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION chk(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT helper(i)';
CREATE TABLE bad (id int GENERATED ALWAYS AS IDENTITY, v text) PARTITION BY RANGE (chk(id));
CREATE TABLE bad1 PARTITION OF bad FOR VALUES FROM (0) TO (1000);
INSERT INTO bad(v) SELECT 'y' FROM generate_series(1,10);
CREATE VIEW vbad AS SELECT * FROM bad;
CREATE MATERIALIZED VIEW mbad AS SELECT * FROM bad; CREATE INDEX ON mbad (id);
SELECT lo_from_bytea(777, 'abc');
CREATE TABLE "new
line" (id int); CREATE INDEX "ix
nl" ON "new
line" (chk(id));
COMMENT ON TABLE bad IS 'b'; GRANT SELECT ON bad TO PUBLIC;
