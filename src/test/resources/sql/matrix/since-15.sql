-- What PostgreSQL 15 added, for MatrixTest.
\set ON_ERROR_STOP on
CREATE UNLOGGED SEQUENCE shop.unlogged_seq;
SELECT nextval('shop.unlogged_seq'), nextval('shop.unlogged_seq');
CREATE TABLE shop.nulls (a int UNIQUE NULLS NOT DISTINCT, b int);
INSERT INTO shop.nulls VALUES (NULL, 1), (1, 2);
CREATE VIEW shop.invoker WITH (security_invoker) AS SELECT * FROM shop.nulls;
CREATE PUBLICATION filtered FOR TABLE shop.nulls (a) WHERE (a > 0);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA "select";
CREATE TABLE shop.partial_null (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a) REFERENCES shop.tree ON DELETE SET NULL (a));
GRANT SET ON PARAMETER work_mem TO analyst;
INSERT INTO shop.types (id, n) VALUES (16, 1);
ALTER TABLE shop.types ADD COLUMN round numeric(3, -2), ADD COLUMN tiny numeric(2, 5);
UPDATE shop.types SET round = 12345, tiny = 0.00012 WHERE id = 16;
