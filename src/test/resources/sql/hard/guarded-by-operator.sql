-- The body of a policy's function uses an operator, whose function reads a table.
CREATE TABLE blocked (usr name); INSERT INTO blocked VALUES ('READER');
CREATE FUNCTION isblk(name, int) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT EXISTS (SELECT FROM public.blocked WHERE usr = $1)';
CREATE OPERATOR public.@@@ (LEFTARG = name, RIGHTARG = int, FUNCTION = isblk);
CREATE FUNCTION free(who name) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT NOT (who OPERATOR(public.@@@) 1)';
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.blocked WHERE false; RETURN NEW; END $$;
CREATE TABLE doc (id int); INSERT INTO doc VALUES (1),(2);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY ok ON doc USING (free(current_user));
CREATE TRIGGER c AFTER UPDATE ON doc FOR EACH ROW EXECUTE FUNCTION log_it();
GRANT SELECT ON doc TO PUBLIC;
