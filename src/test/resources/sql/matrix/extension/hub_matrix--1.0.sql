-- An extension with rows of its own and of its user.
CREATE TABLE @extschema@.area (id int PRIMARY KEY, name text);
INSERT INTO @extschema@.area VALUES (1, 'the extension''s');
-- Before it in the alphabet, after it by its foreign key.
CREATE TABLE @extschema@.a_spot (id int PRIMARY KEY, area int REFERENCES @extschema@.area);
CREATE TABLE @extschema@.internal (id int);
INSERT INTO @extschema@.internal VALUES (1);
CREATE SEQUENCE @extschema@.tick;
CREATE SEQUENCE @extschema@.tock;
SELECT pg_catalog.pg_extension_config_dump('area', 'WHERE id >= 100');
SELECT pg_catalog.pg_extension_config_dump('a_spot', '');
SELECT pg_catalog.pg_extension_config_dump('tick', '');
