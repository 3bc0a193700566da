-- A generated column whose function reads another table.
CREATE TABLE zrate (r numeric); INSERT INTO zrate VALUES (2);
CREATE FUNCTION rate() RETURNS numeric LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT max(r) FROM public.zrate); END';
CREATE FUNCTION rated(numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 * public.rate(); END';
CREATE TABLE bill (x numeric, total numeric GENERATED ALWAYS AS (rated(x)) STORED);
INSERT INTO bill SELECT g FROM generate_series(1,20000) g;
CREATE TABLE big AS SELECT g FROM generate_series(1,100000) g;
