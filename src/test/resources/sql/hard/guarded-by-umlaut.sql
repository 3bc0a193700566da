-- A name with a letter that is folded by the eye only.
CREATE TABLE Übel (usr name); INSERT INTO Übel VALUES ('READER');
CREATE FUNCTION free(who name) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN RETURN NOT EXISTS (SELECT FROM public.Übel WHERE usr = who); END $$;
CREATE TABLE doc (id int); INSERT INTO doc VALUES (1),(2);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY ok ON doc USING (free(current_user));
GRANT SELECT ON doc TO PUBLIC;
