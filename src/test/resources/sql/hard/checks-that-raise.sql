-- A check that raises an error of its own while what it reads is not there.
CREATE TABLE zlimit (m int); INSERT INTO zlimit VALUES (1000000);
CREATE FUNCTION lim(i int) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE mm int; BEGIN SELECT m INTO mm FROM public.zlimit; IF mm IS NULL THEN RAISE EXCEPTION 'no limit configured' USING ERRCODE='UX001'; END IF; RETURN i <= mm; END $$;
CREATE TABLE amount (x int CHECK (lim(x))); INSERT INTO amount SELECT g FROM generate_series(1,50000) g;
CREATE TABLE big AS SELECT g FROM generate_series(1,400000) g;
