-- What PostgreSQL 13 and newer can hold, for MatrixTest; run by psql as a superuser, roles as in globals.sql.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

-- Schemas, owners, default privileges --------------------------------------------------------------
CREATE SCHEMA shop AUTHORIZATION app;
CREATE SCHEMA "Odd ""Schema""" AUTHORIZATION "Odd ""Role"" ${x}";
CREATE SCHEMA "select";
COMMENT ON SCHEMA shop IS E'shop\nof two lines; -- and \\ a ''quote''';
GRANT USAGE ON SCHEMA shop TO analyst;
GRANT USAGE, CREATE ON SCHEMA "Odd ""Schema""" TO analyst WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO analyst;
ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA shop GRANT USAGE ON TYPES TO "Odd ""Role"" ${x}";
ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT USAGE ON SCHEMAS TO analyst;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Extensions -----------------------------------------------------------------------------------------
CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE EXTENSION file_fdw;
CREATE EXTENSION postgres_fdw;
COMMENT ON EXTENSION hstore IS 'our own words for it';
-- Of ours: tables and a sequence of configuration, the first referring to the second.
CREATE EXTENSION hub_matrix;
INSERT INTO hub_matrix.area VALUES (100, 'ours'), (101, E'tab\there');
INSERT INTO hub_matrix.a_spot VALUES (1, 100), (2, 101);
SELECT nextval('hub_matrix.tick'), nextval('hub_matrix.tick'), nextval('hub_matrix.tick');

-- Types ----------------------------------------------------------------------------------------------
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'it''s "fine"', 'ünï ☃');
ALTER TYPE shop.mood ADD VALUE 'so-so' BEFORE 'ok';
CREATE TYPE shop.pair AS (a int, b text COLLATE "C", c numeric(7, 3)[]);
ALTER TYPE shop.pair ADD ATTRIBUTE gone int;
ALTER TYPE shop.pair DROP ATTRIBUTE gone;
CREATE DOMAIN shop.positive AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN shop.name AS varchar(40) COLLATE "C" CONSTRAINT "no ""spaces"" at ends" CHECK (VALUE = btrim(VALUE));
ALTER DOMAIN shop.name ADD CONSTRAINT late CHECK (VALUE <> '') NOT VALID;
CREATE DOMAIN shop.names AS shop.name[] CHECK (array_length(VALUE, 1) < 5);
CREATE TYPE shop.floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE shop.shell;
COMMENT ON TYPE shop.mood IS 'how one feels';
COMMENT ON DOMAIN shop.positive IS 'more than none';
COMMENT ON CONSTRAINT late ON DOMAIN shop.name IS 'came late';
COMMENT ON COLUMN shop.pair.b IS 'the second';
REVOKE USAGE ON TYPE shop.mood FROM PUBLIC;
GRANT USAGE ON TYPE shop.mood TO analyst;
CREATE COLLATION shop.german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION shop.nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION shop.plain (provider = libc, locale = 'C');
COMMENT ON COLLATION shop.german IS 'as in the phone book';

-- Every built-in type, at its ends -------------------------------------------------------------------
CREATE TABLE shop.types (
  id int PRIMARY KEY, b boolean, i2 smallint, i4 int, i8 bigint, n numeric, n10 numeric(1000, 500), f4 real,
  f8 double precision, m money, t text, vc varchar(20), c char(8), c1 "char", nm name, by bytea, d date, tm time,
  tmtz timetz, ts timestamp, ts0 timestamp(0), tstz timestamptz, iv interval, ivs interval second(2),
  ivm interval year to month, bt bit(9), vb bit varying, js json, jb jsonb, jp jsonpath, x xml, tv tsvector, tq tsquery,
  ip inet, net cidr, mac macaddr, mac8 macaddr8, pt point, ln line, ls lseg, bx box, pa path, po polygon, ci circle,
  u uuid, o oid, rc regclass, rp regproc, rpr regprocedure, ro regoper, rt regtype, rn regnamespace, rr regrole,
  rcfg regconfig, rd regdictionary, lsn pg_lsn, snap pg_snapshot, tsnap txid_snapshot, td tid, xd xid, xd8 xid8, cd cid,
  ov oidvector, i2v int2vector, acl aclitem,
  ai int[], at text[], atx text[][], am money[], ats timestamptz[], acomp shop.pair[], aen shop.mood[], adom shop.names,
  r4 int4range, r8 int8range, rnum numrange, rd1 daterange, rts tsrange, rtstz tstzrange, rf shop.floatrange,
  mood shop.mood, pair shop.pair, pos shop.positive, hs ext.hstore, cit ext.citext
);
-- Values that name roles name the server's own: without the role, such a row cannot be loaded.
INSERT INTO shop.types (id) VALUES (0);
INSERT INTO shop.types VALUES (1, true, -32768, -2147483648, -9223372036854775808, 'NaN', 0, '-Infinity', '-Infinity',
  '-92233720368547758.08', E'\\. \\N \t tab \n line \r return \b \f \v \\ back ${x} ☃ \U0001F600 \x01 \x7f', '', '', '', '', '',
  '4713-01-01 BC', '00:00:00', '00:00:00+15:59', '-infinity', '4713-01-01 00:00:00 BC', '4713-01-01 00:00:00+00 BC',
  '-178000000 years', '-1.25 s', '-1 year 2 mons', B'000000000', B'', '{"a" : 1, "a":2,  "e":"\u0041\\\"\n"}',
  '{"a": 1, "z": null, "n": 1e1000, "e": "\u0041\\\"\n"}', '$', '', '', '', '0.0.0.0', '0.0.0.0/0', '00:00:00:00:00:00',
  '00:00:00:00:00:00:00:00', '(-Infinity,NaN)', '{0,-1,0}', '[(0,0),(0,0)]', '(0,0),(0,0)', '[(0,0)]', '((0,0))', '<(0,0),0>',
  '00000000-0000-0000-0000-000000000000', 0, '-', '-', '-', '||/', 'integer', 'pg_catalog', 'hub', 'simple', 'simple', '0/0', '1:1:',
  '1:1:', '(0,0)', '0', '0', '0', '', '', 'hub=r/hub', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 'empty', 'empty', 'empty',
  'empty', 'empty', 'empty', 'empty', 'sad', ROW(NULL, NULL, NULL), 1, '', '');
INSERT INTO shop.types VALUES (2, false, 32767, 2147483647, 9223372036854775807,
  repeat('9', 1000)::numeric + ('0.' || repeat('9', 1000))::numeric, ('1' || repeat('0', 499))::numeric + ('0.' || repeat('1', 500))::numeric,
  'NaN', '-0', '92233720368547758.07', repeat('ünï☃', 5000), 'trailing blanks   ', 'ab  ', '~'::"char", repeat('n', 63),
  (SELECT decode(string_agg(lpad(to_hex(i), 2, '0'), '' ORDER BY i), 'hex') FROM generate_series(0, 255) i),
  '5874897-12-31', '24:00:00', '24:00:00-15:59', 'infinity', '294276-12-31 23:59:59', '294276-12-31 23:59:59.999999+00',
  '178000000 years -11 mons 1000000 days 23:59:59.999999', '59.99', '11 years', B'111111111', repeat('10', 500)::varbit,
  'null', '[1, [], {}, "", -0, 1.10]', 'strict $."a b"[*] ? (@ > 1 && @.x like_regex "^\\d+$" flag "i")',
  '<?xml version="1.0"?><a b="c">&lt;é<!-- --><![CDATA[ ]]></a>', $$'it''s':1A,2B 'back\slash':3 'a b':16383$$, '!a & (b | c:*AB) <2> d',
  '::ffff:1.2.3.4/97', 'ffff::/16', 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff:ff:ff', '(1e308,-1e-308)', '{1,2,Infinity}',
  '[(1,2),(3,4)]', '(3,4),(1,2)', '((1,2),(3,4))', '((0,0),(1,1),(1,0))', '<(1,2),1e300>', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  4294967295, 'pg_class', 'now', 'abs(integer)', '||/', 'character varying', 'shop', 'hub', 'english', 'english_stem',
  'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', '10:20:10,14,15', '(4294967295,65535)', '4294967295', '18446744073709551615', '4294967295',
  '1 2 4294967295', '-1 32767', '=r*w*/hub', '[-2:0]={1,NULL,3}', '{NULL,"NULL","","a,b","\"q\"","\\"," "}',
  '[5:6][-1:0]={{a,b},{NULL,"{}"}}', '{-1.23,NULL}', '{infinity,"2000-01-01 00:00:00+00"}', ARRAY[ROW(1, 'x"y\', '{1.5,NULL}')::shop.pair, NULL],
  '{sad,NULL,so-so}', '{a,b}', '(,2147483647)', '[-9223372036854775808,)', '(1.000,2.00]', '[4713-01-01 BC,infinity)',
  '["2000-01-01 00:00:00",infinity]', '(,)', '(-Infinity,NaN]', 'it''s "fine"', ROW(1, E'tab\t"q" \\', '{1.5,NULL}'), 2147483647,
  '"a b"=>"c=>d", n=>NULL', 'CiTeXt');
INSERT INTO shop.types (id, n, f4, f8, iv, t, c) VALUES
  (3, 1e-1000, 1.17549435e-38, 4.9406564584124654e-324, '-1 mon +1 day -00:00:00.000001', NULL, NULL),
  (4, -1.000, 3.4028235e38, 1.7976931348623157e308, '0', '', ' '),
  (5, 12345678901234567890.1234567890, 1e-45, 0.1, 'P1Y2M3DT4H5M6.7S', '\N', '\N'), (6, 0.00, '-0', 'NaN', '1 year -1 day', ' ', E'\\.');

-- Tables -----------------------------------------------------------------------------------------------
CREATE TABLE shop.customers (
  id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 MINVALUE 5 CACHE 3) PRIMARY KEY,
  other int GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME shop."other's seq" INCREMENT -1),
  name shop.name NOT NULL, upper text GENERATED ALWAYS AS (upper(name::text)) STORED, german text COLLATE shop.german,
  nocase text COLLATE shop.nocase UNIQUE, email text, span int4range, born date DEFAULT CURRENT_DATE, at timestamptz DEFAULT now(),
  note text DEFAULT E'de\\fault ''${x}''' CHECK (note <> 'never'),
  EXCLUDE USING gist (span WITH &&) WHERE (span IS NOT NULL) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE shop.customers OWNER TO app;
INSERT INTO shop.customers (name, german, nocase, email, span, born)
  SELECT 'c ' || i, 'ä' || i, 'N' || i, i || '@example.org', int4range(i * 10, i * 10 + 10), '2026-01-01' FROM generate_series(1, 500) i;
ALTER TABLE shop.customers ALTER note SET STORAGE EXTERNAL, ALTER email SET STATISTICS 777, ALTER email SET (n_distinct = -0.5);
ALTER TABLE shop.customers ADD CONSTRAINT "odd; name" CHECK (length(name) > 900) NOT VALID;
CREATE UNIQUE INDEX "I x" ON shop.customers (lower(email) DESC NULLS LAST) INCLUDE (name) WHERE email IS NOT NULL;
CREATE INDEX by_hash ON shop.customers USING hash (email);
CREATE INDEX by_span ON shop.customers USING gist (span) WITH (fillfactor = 60);
CREATE INDEX by_expr ON shop.customers ((id % 7), (name || 'x') COLLATE "C" text_pattern_ops);
ALTER INDEX shop.by_expr ALTER COLUMN 2 SET STATISTICS 55;
CREATE INDEX by_brin ON shop.customers USING brin (born) WITH (pages_per_range = 4);
ALTER TABLE shop.customers CLUSTER ON customers_pkey;
ALTER TABLE shop.customers REPLICA IDENTITY FULL;
COMMENT ON TABLE shop.customers IS 'who buys — “quoted”';
COMMENT ON COLUMN shop.customers.name IS '''';
COMMENT ON INDEX shop."I x" IS 'odd';
COMMENT ON CONSTRAINT "odd; name" ON shop.customers IS 'not valid';
GRANT SELECT (id, name), UPDATE (note) ON shop.customers TO analyst;
GRANT ALL ON shop.customers TO "Odd ""Role"" ${x}" WITH GRANT OPTION;

CREATE TABLE shop.circle_a (id int PRIMARY KEY, b int);
CREATE TABLE shop.circle_b (id int PRIMARY KEY, a int REFERENCES shop.circle_a ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE shop.circle_a ADD FOREIGN KEY (b) REFERENCES shop.circle_b ON UPDATE SET NULL DEFERRABLE;
BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO shop.circle_a VALUES (1, NULL); INSERT INTO shop.circle_b VALUES (1, 1);
UPDATE shop.circle_a SET b = 1; COMMIT;
ALTER TABLE shop.circle_a ADD COLUMN bad int;
INSERT INTO shop.circle_a VALUES (2, NULL, 12345);
ALTER TABLE shop.circle_a ADD CONSTRAINT bad_fk FOREIGN KEY (bad) REFERENCES shop.circle_b NOT VALID;
CREATE TABLE shop.tree (id int PRIMARY KEY, up int REFERENCES shop.tree MATCH FULL);
INSERT INTO shop.tree VALUES (1, 2), (2, 1), (3, NULL);

CREATE TABLE shop.empty (id int);
CREATE TABLE shop.no_columns ();
INSERT INTO shop.no_columns SELECT FROM generate_series(1, 300);
CREATE TABLE shop.only_generated (a int GENERATED ALWAYS AS (7) STORED);
INSERT INTO shop.only_generated DEFAULT VALUES;
INSERT INTO shop.only_generated DEFAULT VALUES;
CREATE UNLOGGED TABLE shop.unlogged (id serial, body text);
INSERT INTO shop.unlogged (body) VALUES ('kept'), ('too');
CREATE TEMPORARY TABLE passing (id int);
INSERT INTO passing VALUES (1);
CREATE TABLE shop.dropped (a int, gone text, b int DEFAULT 3, "gone too" int);
INSERT INTO shop.dropped VALUES (1, 'x', 2, 3);
ALTER TABLE shop.dropped DROP COLUMN gone, DROP COLUMN "gone too", ADD COLUMN fast text DEFAULT 'stored in the catalogue';
INSERT INTO shop.dropped VALUES (4, 5, 'x');
CREATE TABLE shop.typed OF shop.pair (a WITH OPTIONS PRIMARY KEY, b DEFAULT 'b');
INSERT INTO shop.typed VALUES (1, 'x', '{1.5}');
CREATE TABLE "Odd ""Schema"""."Tab le ${x}; --
\. two lines" ("Col ""umn" int, "ünïcode ☃" text, "select" int, "${x}" int GENERATED ALWAYS AS IDENTITY);
INSERT INTO "Odd ""Schema"""."Tab le ${x}; --
\. two lines" VALUES (1, NULL, 3), (NULL, '\N', NULL), (2, '', 1), (3, '\.', 1);
CREATE TABLE "select"."table" ("from" text, "ORDER" int);
INSERT INTO "select"."table" VALUES ('x', 1);
CREATE TABLE public.plain (id int);
INSERT INTO public.plain VALUES (1);
-- Rows larger than a chunk.
CREATE TABLE shop.wide (id int, body text);
ALTER TABLE shop.wide ALTER body SET STORAGE EXTERNAL;
INSERT INTO shop.wide SELECT i, repeat(md5(i::text), 300000) FROM generate_series(1, 2) i;

-- Inheritance and partitions -----------------------------------------------------------------------------
CREATE TABLE shop.parent (id int DEFAULT 1, note text NOT NULL, CONSTRAINT p CHECK (id < 1000), CONSTRAINT own CHECK (id > -9) NO INHERIT);
CREATE TABLE shop.child (extra text) INHERITS (shop.parent);
ALTER TABLE shop.child ALTER id SET DEFAULT 7, ALTER note SET DEFAULT 'child''s';
CREATE TABLE shop.mother (id int, m int);
CREATE TABLE shop.grandchild (note text DEFAULT 'g') INHERITS (shop.child, shop.mother);
INSERT INTO shop.parent VALUES (1, 'parent''s own');
INSERT INTO shop.child (extra) VALUES ('more');
INSERT INTO shop.grandchild (m) VALUES (5);

CREATE TABLE shop.orders (id int, kind text, day date NOT NULL, amount int DEFAULT 5, customer bigint REFERENCES shop.customers)
  PARTITION BY RANGE (day);
CREATE TABLE shop.orders_2025 PARTITION OF shop.orders (amount DEFAULT 25) FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
  PARTITION BY LIST (kind);
CREATE TABLE shop.orders_2025_web PARTITION OF shop.orders_2025 FOR VALUES IN ('web', NULL) PARTITION BY HASH (id);
CREATE TABLE shop.orders_2025_web_0 PARTITION OF shop.orders_2025_web FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE shop.orders_2025_web_1 PARTITION OF shop.orders_2025_web FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE shop.orders_2025_rest (customer bigint, id int, gone int, amount int, kind text, day date NOT NULL);
ALTER TABLE shop.orders_2025_rest DROP COLUMN gone;
ALTER TABLE shop.orders_2025 ATTACH PARTITION shop.orders_2025_rest DEFAULT;
CREATE TABLE shop.orders_rest PARTITION OF shop.orders DEFAULT;
CREATE TABLE shop.orders_none (LIKE shop.orders INCLUDING ALL) PARTITION BY RANGE (day, id);
INSERT INTO shop.orders SELECT i, (ARRAY['web', 'shop', NULL])[1 + i % 3], date '2025-06-01' + i % 300, i, 10 FROM generate_series(1, 600) i;
CREATE INDEX orders_kind ON shop.orders (kind);
CREATE INDEX orders_only ON ONLY shop.orders (amount);
ALTER TABLE shop.orders ADD CONSTRAINT positive CHECK (amount > -1);

CREATE FOREIGN DATA WRAPPER nothing OPTIONS (a 'b ''c''');
CREATE SERVER nowhere TYPE 't' VERSION '1' FOREIGN DATA WRAPPER nothing OPTIONS (host 'h');
ALTER SERVER nowhere OWNER TO app;
CREATE USER MAPPING FOR app SERVER nowhere OPTIONS ("user" 'u');
CREATE USER MAPPING FOR PUBLIC SERVER nowhere;
GRANT USAGE ON FOREIGN SERVER nowhere TO analyst;
GRANT USAGE ON FOREIGN DATA WRAPPER nothing TO app;
COMMENT ON SERVER nowhere IS 'nothing there';
CREATE FOREIGN TABLE shop.far (id int OPTIONS (o 'v') NOT NULL DEFAULT 4, t text) SERVER nowhere OPTIONS (x 'y');
-- A partition that is a foreign table admits no unique index and no foreign key on its parent.
CREATE TABLE shop.mixed (id int, t text) PARTITION BY LIST (id);
CREATE TABLE shop.mixed_here PARTITION OF shop.mixed FOR VALUES IN (1, 2);
CREATE FOREIGN TABLE shop.mixed_far PARTITION OF shop.mixed FOR VALUES IN (3) SERVER nowhere OPTIONS (x 'y');
CREATE TABLE shop.mixed_deep PARTITION OF shop.mixed DEFAULT PARTITION BY RANGE (t);
CREATE FOREIGN TABLE shop.mixed_deep_far PARTITION OF shop.mixed_deep DEFAULT SERVER nowhere;
INSERT INTO shop.mixed VALUES (1, 'one'), (2, NULL);
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE shop.file (line text) SERVER files OPTIONS (filename '/nonexistent/file', format 'csv');

-- Sequences ----------------------------------------------------------------------------------------------
CREATE SEQUENCE shop.ticket AS smallint START 100 INCREMENT 5 MAXVALUE 130 CYCLE CACHE 2;
SELECT nextval('shop.ticket') FROM generate_series(1, 10);
CREATE SEQUENCE shop.untouched START 42;
CREATE SEQUENCE shop.down INCREMENT -3 MINVALUE -9223372036854775808 MAXVALUE -1;
SELECT nextval('shop.down'), nextval('shop.down');
SELECT setval('shop.down', -9223372036854775808, true);
CREATE SEQUENCE shop."Se ""q" OWNED BY shop.tree.id;
GRANT USAGE ON SEQUENCE shop.ticket TO analyst;
COMMENT ON SEQUENCE shop.ticket IS 'next, please';

-- Functions, operators, aggregates, casts ------------------------------------------------------------------
CREATE FUNCTION shop.add(int, int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 AS 'SELECT $1 + $2';
CREATE FUNCTION shop.add(text, VARIADIC more text[]) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = shop, pg_temp
  AS $f$ SELECT $1 || array_to_string(more, E'\\$') $f$;
CREATE FUNCTION shop.many(OUT a int, OUT b text) RETURNS SETOF record LANGUAGE plpgsql ROWS 5 AS $$
BEGIN RETURN QUERY SELECT 1, 'x'::text; END $$;
CREATE FUNCTION shop.tab() RETURNS TABLE (x int, y shop.mood) LANGUAGE sql AS $$ SELECT 1, 'ok'::shop.mood $$;
CREATE FUNCTION shop.strlen(text) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'textlen';
CREATE PROCEDURE shop.doit(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := x + 1; COMMIT; END $$;
ALTER FUNCTION shop.add(int, int) OWNER TO app;
REVOKE EXECUTE ON FUNCTION shop.add(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.add(text, text[]) TO analyst;
COMMENT ON FUNCTION shop.add(int, int) IS 'adds';
COMMENT ON PROCEDURE shop.doit(int) IS 'does';
CREATE AGGREGATE shop.sum_up(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE AGGREGATE shop.pct(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE shop.sum_up(int) IS 'sums';
CREATE FUNCTION shop.mood_lt(shop.mood, shop.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT enum_lt($1, $2)';
CREATE OPERATOR shop.<<< (LEFTARG = shop.mood, RIGHTARG = shop.mood, FUNCTION = shop.mood_lt, RESTRICT = scalarltsel);
COMMENT ON OPERATOR shop.<<< (shop.mood, shop.mood) IS 'sadder';
CREATE FUNCTION shop.back(int4, int4) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)';
CREATE OPERATOR FAMILY shop.fam USING btree;
CREATE OPERATOR CLASS shop.backwards FOR TYPE int4 USING btree FAMILY shop.fam AS
  OPERATOR 1 > (int4, int4), OPERATOR 2 >= (int4, int4), OPERATOR 3 = (int4, int4), OPERATOR 4 <= (int4, int4), OPERATOR 5 < (int4, int4),
  FUNCTION 1 shop.back(int4, int4);
CREATE INDEX backwards ON shop.tree (id shop.backwards);
CREATE FUNCTION shop.to_mood(int) RETURNS shop.mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'ok'::shop.mood $$;
CREATE CAST (int AS shop.mood) WITH FUNCTION shop.to_mood(int) AS ASSIGNMENT;
CREATE CAST (shop.pair AS text) WITH INOUT;
COMMENT ON CAST (int AS shop.mood) IS 'all are ok';
CREATE FUNCTION shop.base_in(cstring) RETURNS shop.shell LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION shop.base_out(shop.shell) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE shop.shell (INPUT = shop.base_in, OUTPUT = shop.base_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, CATEGORY = 'N');
CREATE TYPE shop.still_a_shell;
CREATE TABLE shop.based (v shop.shell);
INSERT INTO shop.based VALUES ('-5'), ('7');
-- pg_dump loses a language whose functions are the server's own.
CREATE FUNCTION shop.call_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE LANGUAGE sqlish HANDLER shop.call_handler;
CREATE FUNCTION shop.other_language() RETURNS int LANGUAGE sqlish AS 'BEGIN RETURN 1; END';
CREATE CONVERSION shop.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE ACCESS METHOD mybtree TYPE INDEX HANDLER bthandler;
CREATE ACCESS METHOD myheap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE shop.other_heap (id int) USING myheap;
INSERT INTO shop.other_heap VALUES (1);
CREATE TRANSFORM FOR shop.mood LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal));

-- Text search ------------------------------------------------------------------------------------------------
CREATE TEXT SEARCH DICTIONARY shop.dict (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION shop.conf (COPY = english);
ALTER TEXT SEARCH CONFIGURATION shop.conf ALTER MAPPING FOR asciiword WITH shop.dict, english_stem;
CREATE TEXT SEARCH PARSER shop.pars (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE shop.templ (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE INDEX by_words ON shop.customers USING gin (to_tsvector('shop.conf', note));

-- Views, rules, triggers, policies -----------------------------------------------------------------------------
CREATE VIEW shop.happy WITH (security_barrier) AS SELECT id, name FROM shop.customers WHERE id > 20 WITH LOCAL CHECK OPTION;
ALTER VIEW shop.happy OWNER TO app;
ALTER VIEW shop.happy ALTER name SET DEFAULT 'from the view';
COMMENT ON COLUMN shop.happy.name IS 'of the view';
CREATE RECURSIVE VIEW shop.numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 5;
CREATE VIEW shop.circular AS SELECT 1 AS id;
CREATE FUNCTION shop.of_view() RETURNS SETOF shop.circular LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW shop.circular AS SELECT f.id FROM shop.of_view() f;
CREATE MATERIALIZED VIEW shop.totals AS SELECT customer, sum(amount) AS total FROM shop.orders_rest GROUP BY 1;
CREATE UNIQUE INDEX ON shop.totals (customer);
CREATE MATERIALIZED VIEW shop.a_totals_of_totals AS SELECT sum(total) AS s FROM shop.totals;
CREATE VIEW shop.b_over AS SELECT * FROM shop.a_totals_of_totals;
CREATE MATERIALIZED VIEW shop.a_third AS SELECT * FROM shop.b_over WITH DATA;
CREATE MATERIALIZED VIEW shop.not_populated AS SELECT * FROM shop.totals WITH NO DATA;
CREATE MATERIALIZED VIEW shop.on_not_populated AS SELECT * FROM shop.not_populated WITH NO DATA;
CREATE RULE ins AS ON INSERT TO shop.happy DO INSTEAD INSERT INTO shop.customers (name) VALUES (NEW.name) RETURNING id, name;
CREATE RULE quiet AS ON DELETE TO shop.parent WHERE OLD.id > 5 DO ALSO UPDATE shop.mother SET m = OLD.id;
ALTER TABLE shop.parent DISABLE RULE quiet;
COMMENT ON RULE ins ON shop.happy IS 'a rule';
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this trigger must not fire in a restore'; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF note ON shop.parent FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION shop.touch('a', E'b\\');
CREATE TRIGGER off AFTER TRUNCATE ON shop.parent EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.parent DISABLE TRIGGER off;
CREATE TRIGGER always AFTER DELETE ON shop.child REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.child ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER replica BEFORE INSERT ON shop.child FOR EACH ROW EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.child ENABLE REPLICA TRIGGER replica;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON shop.orders_rest FROM shop.customers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.touch();
CREATE TRIGGER parts AFTER UPDATE ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.orders_2025_web_0 DISABLE TRIGGER parts;
CREATE TRIGGER instead INSTEAD OF UPDATE ON shop.happy FOR EACH ROW EXECUTE FUNCTION shop.touch();
COMMENT ON TRIGGER touch ON shop.parent IS 'a trigger';
ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.customers AS RESTRICTIVE FOR UPDATE TO app, analyst USING (name = CURRENT_USER::text) WITH CHECK (id > 0);
CREATE POLICY everyone ON shop.customers USING (true);
ALTER TABLE shop.child ENABLE ROW LEVEL SECURITY;
COMMENT ON POLICY own ON shop.customers IS 'a policy';
CREATE STATISTICS shop.stats (dependencies, ndistinct, mcv) ON kind, day FROM shop.orders_rest;
ALTER STATISTICS shop.stats SET STATISTICS 200;
COMMENT ON STATISTICS shop.stats IS 'of two columns';
CREATE FUNCTION shop.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION shop.on_ddl();
CREATE EVENT TRIGGER asleep ON sql_drop EXECUTE FUNCTION shop.on_ddl();
ALTER EVENT TRIGGER asleep DISABLE;
ALTER EVENT TRIGGER watch ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER watch IS 'watches';

-- Replication, large objects, the database itself -----------------------------------------------------------------
CREATE PUBLICATION "some" FOR TABLE shop.customers, ONLY shop.parent WITH (publish = 'insert, update');
CREATE PUBLICATION every_one FOR ALL TABLES WITH (publish_via_partition_root);
CREATE PUBLICATION "none";
ALTER PUBLICATION "none" OWNER TO hub;
COMMENT ON PUBLICATION "some" IS 'some tables';
CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 dbname=none' PUBLICATION a, "b c" WITH (connect = false, slot_name = NONE);
SELECT lo_from_bytea(900001, decode(repeat('00ff7f', 200000), 'hex')), lo_from_bytea(900002, ''), lo_from_bytea(900003, 'x'),
       lo_put(900003, 1000000, 'after a hole');
COMMENT ON LARGE OBJECT 900001 IS 'large';
ALTER LARGE OBJECT 900001 OWNER TO app;
GRANT SELECT ON LARGE OBJECT 900002 TO analyst;
GRANT SELECT, UPDATE ON LARGE OBJECT 900001 TO "Odd ""Role"" ${x}" WITH GRANT OPTION;

DO $$ BEGIN
  EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'the ''whole'' of it');
  EXECUTE format('ALTER DATABASE %I SET search_path = shop, public', current_database());
  EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '7MB');
  EXECUTE format('ALTER ROLE app IN DATABASE %I SET DateStyle = %L', current_database(), 'SQL, DMY');
  EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 77', current_database());
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO analyst', current_database());
END $$;
