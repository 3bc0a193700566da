-- The body of a policy's function uses a domain, whose check reads a table.
CREATE TABLE bans (n int); INSERT INTO bans VALUES (2);
CREATE FUNCTION notban(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN NOT EXISTS (SELECT FROM public.bans WHERE n = $1); END';
CREATE DOMAIN okid AS int CHECK (notban(VALUE));
CREATE FUNCTION fine(i int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN PERFORM i::public.okid; RETURN true; EXCEPTION WHEN check_violation THEN RETURN false; END';
CREATE FUNCTION lg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM public.bans WHERE false; RETURN NEW; END';
CREATE TABLE doc (id int); INSERT INTO doc VALUES (1),(2);
CREATE TRIGGER lg AFTER UPDATE ON doc FOR EACH ROW EXECUTE FUNCTION lg();
ALTER TABLE doc ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON doc USING (fine(id)); GRANT SELECT ON doc TO PUBLIC;
GRANT SELECT ON bans TO PUBLIC;
