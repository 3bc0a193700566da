-- A table that is protected by what reads other tables: policies, checks, rules, functions of both kinds.
CREATE TABLE acl (usr name, doc int); INSERT INTO acl VALUES ('alice', 1);
CREATE TABLE limits (lo int, hi int); INSERT INTO limits VALUES (0, 100);
CREATE TABLE blocked (usr name); INSERT INTO blocked VALUES ('mallory');
CREATE TABLE secrets (v text); INSERT INTO secrets VALUES ('s');
CREATE FUNCTION in_limits(n int) RETURNS boolean LANGUAGE sql STABLE BEGIN ATOMIC SELECT EXISTS (SELECT 1 FROM limits WHERE n BETWEEN lo AND hi); END;
CREATE FUNCTION def_doc() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(doc) FROM acl; END;
CREATE FUNCTION free(who name) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
  $$ BEGIN RETURN NOT EXISTS (SELECT FROM public.blocked WHERE usr = who); END $$;
CREATE TABLE doc (id int PRIMARY KEY, body text, n int DEFAULT def_doc() CHECK (n < 50), secret bool NOT NULL DEFAULT false);
INSERT INTO doc SELECT g, 'd' || g, g FROM generate_series(1, 10) g;
ALTER TABLE doc ADD CONSTRAINT lim CHECK (in_limits(n)) NOT VALID;
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON doc USING (true);
CREATE POLICY only_acl ON doc AS RESTRICTIVE USING (EXISTS (SELECT 1 FROM acl WHERE usr = current_user AND doc = id));
CREATE POLICY not_blocked ON doc AS RESTRICTIVE USING (free(current_user));
CREATE RULE audit AS ON INSERT TO doc DO ALSO INSERT INTO acl VALUES (current_user, NEW.id);
GRANT SELECT ON doc TO PUBLIC;
GRANT SELECT ON acl TO PUBLIC;
CREATE VIEW shown AS SELECT id FROM doc;
CREATE VIEW hidden AS SELECT v FROM secrets;
CREATE FUNCTION tell() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM secrets; END;
