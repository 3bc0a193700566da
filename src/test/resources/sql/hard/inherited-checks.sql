-- A check that was not validated, and an heir that was made later: there it is valid.
CREATE TABLE ip (a int); INSERT INTO ip VALUES (-5); ALTER TABLE ip ADD CONSTRAINT ipc CHECK (a>0) NOT VALID;
CREATE TABLE ic2 () INHERITS (ip);
