-- Triggers that log, or forbid, changes of the database; a refresh is one.
CREATE SCHEMA audit;
CREATE TABLE audit.ddl_log (at timestamptz DEFAULT now(), who text, tag text, obj text);
CREATE FUNCTION audit.log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE r record; BEGIN FOR r IN SELECT * FROM pg_catalog.pg_event_trigger_ddl_commands() LOOP
 INSERT INTO audit.ddl_log (who, tag, obj) VALUES (current_user, r.command_tag, r.object_identity); END LOOP; END $$;
CREATE FUNCTION audit.no_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no drops here'; END $$;
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t SELECT g, g % 5 FROM generate_series(1, 100) g;
CREATE MATERIALIZED VIEW m AS SELECT v, count(*) FROM t GROUP BY v;
CREATE EVENT TRIGGER log_ddl ON ddl_command_end EXECUTE FUNCTION audit.log_ddl();
CREATE EVENT TRIGGER no_drop ON sql_drop EXECUTE FUNCTION audit.no_drop();
COMMENT ON EVENT TRIGGER log_ddl IS 'logs ddl';
