-- Roles of a cluster of its own, as MatrixTest wants them; run once, as a superuser, by psql.
-- By name, as pg_dumpall makes them: the order in which a policy's roles are told is that of their making.
CREATE ROLE "Odd ""Role"" ${x}" NOLOGIN;
CREATE ROLE analyst NOLOGIN;
CREATE ROLE app LOGIN;
CREATE ROLE auditor NOLOGIN BYPASSRLS CONNECTION LIMIT 7 VALID UNTIL '2040-01-01';
CREATE ROLE backup LOGIN PASSWORD 'backup';
CREATE ROLE restorer LOGIN CREATEDB PASSWORD 'restorer';
GRANT analyst TO app WITH ADMIN OPTION;
GRANT app TO "Odd ""Role"" ${x}";
ALTER ROLE app SET statement_timeout = '7s';
ALTER ROLE analyst SET search_path = shop, "Odd ""Schema""";
COMMENT ON ROLE analyst IS 'reads — “quoted”';
