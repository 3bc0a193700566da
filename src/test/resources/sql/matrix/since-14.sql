-- What PostgreSQL 14 added, for MatrixTest.
\set ON_ERROR_STOP on
CREATE TABLE shop.multi (id int, a int4multirange, b nummultirange, c tstzmultirange, d datemultirange[]);
INSERT INTO shop.multi VALUES (1, '{}', '{(,1.50],[7,)}', '{[2000-01-01 00:00:00+00,infinity)}', '{NULL,"{[2000-01-01,2000-01-02)}"}'),
  (2, '{[1,2),[5,9)}', NULL, '{(,)}', '{}');
INSERT INTO shop.multi (id, b) VALUES (3, '{(-Infinity,Infinity)}');
CREATE FUNCTION shop.parsed(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + max(id) FROM shop.tree; END;
CREATE FUNCTION shop.returned(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE PROCEDURE shop.outs(a int, OUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
CREATE TABLE shop.squeezed (a text COMPRESSION pglz);
INSERT INTO shop.squeezed VALUES (repeat('x', 100000)), (NULL);
CREATE STATISTICS shop.expressions ON (id % 5), up FROM shop.tree;
INSERT INTO shop.types (id, n, f8) VALUES (14, 'Infinity', 'Infinity'), (15, '-Infinity', 0);
GRANT pg_read_all_data TO auditor;
