-- What the source lives with and no restore can make: an orphan behind a foreign key, an index whose function finds its
-- schema no more, a materialized view over a server that is unreachable. The rest is sound.
CREATE EXTENSION postgres_fdw;
CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1), (2);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent); INSERT INTO child VALUES (1, 1), (2, 2);
ALTER TABLE parent DISABLE TRIGGER ALL; DELETE FROM parent WHERE id = 2; ALTER TABLE parent ENABLE TRIGGER ALL;
CREATE FUNCTION helper(int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION unqualified(int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT helper($1) $$;
CREATE TABLE indexed (id int); INSERT INTO indexed VALUES (1);
CREATE INDEX indexed_by_function ON indexed (unqualified(id));
CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'none');
CREATE USER MAPPING FOR PUBLIC SERVER away OPTIONS (user 'nobody');
CREATE FOREIGN TABLE far (id int) SERVER away;
CREATE TABLE near (id int);
CREATE FUNCTION from_far() RETURNS SETOF int LANGUAGE sql AS $$ SELECT id FROM public.near $$;
CREATE MATERIALIZED VIEW farther AS SELECT * FROM from_far() AS id;
CREATE OR REPLACE FUNCTION from_far() RETURNS SETOF int LANGUAGE sql AS $$ SELECT id FROM public.far $$;
CREATE TABLE sound (id int PRIMARY KEY, v text); INSERT INTO sound SELECT g, 'v' || g FROM generate_series(1, 1000) g;
CREATE INDEX sound_v ON sound (v);
CREATE VIEW sounds AS SELECT count(*) FROM sound;
