-- A quotation mark in the body of a function hides the names after it.
CREATE TABLE blocked (usr name); INSERT INTO blocked VALUES ('READER');
CREATE FUNCTION free(who name) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  IF who LIKE '%"%' THEN RETURN false; END IF;
  RETURN NOT EXISTS (SELECT FROM public.blocked WHERE usr = who);  -- blocked means "no"
END $$;
CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.blocked WHERE false; RETURN NEW; END $$;
CREATE TABLE doc (id int); INSERT INTO doc VALUES (1),(2);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY ok ON doc USING (free(current_user));
CREATE TRIGGER c AFTER UPDATE ON doc FOR EACH ROW EXECUTE FUNCTION on_change();
GRANT SELECT ON doc TO PUBLIC;
