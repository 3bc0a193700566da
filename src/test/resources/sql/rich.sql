-- A schema with what real ones have and dumps stumble over. Used by BackupTest.
CREATE SCHEMA shop;
CREATE SCHEMA "Odd ""Schema""";
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE shop.pair AS (a int, b text);
CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);

CREATE TABLE shop.customers (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name  text NOT NULL,
  mood  shop.mood DEFAULT 'ok',
  tags  text[],
  seen  timestamptz DEFAULT '2026-02-03 04:05:06.789012+00',
  price numeric(30, 12),
  ratio double precision,
  money money,
  blob  bytea,
  doc   jsonb,
  pair  shop.pair,
  span  int4range,
  span_length int GENERATED ALWAYS AS (upper(span) - lower(span)) STORED
);
INSERT INTO shop.customers (name, mood, tags, price, ratio, money, blob, doc, pair, span)
SELECT 'customer ' || i || E' \\ \t \n “quoted” ☃ ${sys.user.name}',
       (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::shop.mood, ARRAY['a,b', NULL, '"', '\'], i / 7.0,
       CASE i % 5 WHEN 0 THEN 'NaN' WHEN 1 THEN 'Infinity' ELSE 1e-300 * i END, i * 1.5,
       decode(lpad(to_hex(i), 8, '0'), 'hex'), jsonb_build_object('i', i, 'n', NULL), ROW(i, 'x')::shop.pair,
       int4range(i, i + 5)
FROM generate_series(1, 3000) i;

CREATE TABLE shop.orders (
  id int, customer bigint REFERENCES shop.customers, day date NOT NULL, amount shop.positive
) PARTITION BY RANGE (day);
CREATE TABLE shop.orders_2025 PARTITION OF shop.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop.orders_rest PARTITION OF shop.orders DEFAULT;
INSERT INTO shop.orders SELECT i, 1 + i % 3000, date '2025-06-01' + i % 400, i FROM generate_series(1, 5000) i;
CREATE INDEX ON shop.orders (customer);

CREATE TABLE shop.parent (id int, note text);
CREATE TABLE shop.child (extra text) INHERITS (shop.parent);
INSERT INTO shop.parent VALUES (1, 'parent''s own');
INSERT INTO shop.child VALUES (2, 'child''s', 'more');

CREATE TABLE "Odd ""Schema"""."Tab le ${x}; --" ("Col ""umn" int, "ünïcode ☃" text);
INSERT INTO "Odd ""Schema"""."Tab le ${x}; --" VALUES (1, NULL), (NULL, '\N'), (2, ''), (3, '\.');
CREATE TABLE shop.empty (id int);
CREATE TABLE shop.no_columns ();
INSERT INTO shop.no_columns SELECT FROM generate_series(1, 3);
CREATE UNLOGGED TABLE shop.scratchpad AS SELECT i AS id FROM generate_series(1, 10) i;
CREATE TABLE shop.dropped_column (a int, gone text, b int);
ALTER TABLE shop.dropped_column DROP COLUMN gone;
INSERT INTO shop.dropped_column VALUES (1, 2);
-- Rows larger than a chunk.
CREATE TABLE shop.wide (id int, body text);
ALTER TABLE shop.wide ALTER body SET STORAGE EXTERNAL;
INSERT INTO shop.wide SELECT i, repeat(md5(i::text), 320000) FROM generate_series(1, 3) i;

CREATE SEQUENCE shop.ticket START 100 INCREMENT 5;
SELECT nextval('shop.ticket') FROM generate_series(1, 7);
CREATE SEQUENCE shop.untouched START 42;

CREATE VIEW shop.happy AS SELECT id, name FROM shop.customers WHERE mood = 'happy';
CREATE MATERIALIZED VIEW shop.totals AS SELECT customer, sum(amount) AS total FROM shop.orders GROUP BY 1;
CREATE MATERIALIZED VIEW shop.big_totals AS SELECT * FROM shop.totals WHERE total > 10;
CREATE UNIQUE INDEX ON shop.totals (customer);

CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := NEW.note || ' (touched)';
  RETURN NEW;
END $$;
CREATE TRIGGER touch BEFORE INSERT ON shop.parent FOR EACH ROW EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.child ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON shop.child USING (true);
COMMENT ON TABLE shop.customers IS 'who buys — “quoted”';

SELECT lo_from_bytea(0, decode(repeat('00ff7f', 200000), 'hex'));
SELECT lo_from_bytea(0, '');
