-- Names that look alike once they are written one after the other.
CREATE SCHEMA "a b"; CREATE SCHEMA a; CREATE SCHEMA "a.b";
CREATE TABLE "a b".c (x int); CREATE TABLE a."b c" (x int); CREATE TABLE a."b.c" (x int); CREATE TABLE "a.b".c (x int);
INSERT INTO "a b".c VALUES (1); INSERT INTO a."b c" VALUES (2), (3); INSERT INTO a."b.c" VALUES (4); INSERT INTO "a.b".c VALUES (5), (6);
CREATE INDEX "i j" ON "a b".c (x); CREATE INDEX "j" ON a."b c" (x);
CREATE TABLE "two
lines" (x int CONSTRAINT "one; two" CHECK (x > 0));
COMMENT ON TABLE "two
lines" IS 'x';
