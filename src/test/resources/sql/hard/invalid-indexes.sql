-- Indexes that were never finished: left by CONCURRENTLY, and of a partitioned table without one partition's.
CREATE TABLE t (id int, e text);
INSERT INTO t VALUES (1, 'a'), (2, 'a'), (3, 'b');
CREATE TABLE p (id int, year int) PARTITION BY LIST (year);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
INSERT INTO p SELECT g, 1 + g % 2 FROM generate_series(1, 100) g;
CREATE INDEX p_id ON ONLY p (id);
CREATE INDEX p1_id ON p1 (id);
ALTER INDEX p_id ATTACH PARTITION p1_id;
CREATE TABLE loose (n int);
INSERT INTO loose VALUES (-1);
ALTER TABLE loose ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
\set ON_ERROR_STOP 0
CREATE UNIQUE INDEX CONCURRENTLY t_e_key ON t (e);
