-- A policy's function that puts its statements together at run time.
CREATE TABLE "Ärger" (usr name); INSERT INTO "Ärger" VALUES ('READER');
CREATE TABLE blk_eu (usr name); INSERT INTO blk_eu VALUES ('READER');
CREATE FUNCTION free(who name) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE t text; b boolean;
BEGIN
  FOR t IN SELECT relname FROM pg_class WHERE relname LIKE 'blk\_%' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE usr = $1)', t) INTO b USING who;
    IF b THEN RETURN false; END IF;
  END LOOP;
  RETURN true;
END $$;
CREATE TABLE doc (id int); INSERT INTO doc VALUES (1),(2);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY ok ON doc USING (free(current_user));
GRANT SELECT ON doc TO PUBLIC;
