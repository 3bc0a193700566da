-- Views that need a primary key, so that pg_dump puts them after it: plain, materialized, indexed, and one upon the other.
CREATE TABLE product (id int PRIMARY KEY, name text, price numeric);
CREATE TABLE sale (id int PRIMARY KEY, product int REFERENCES product, n int);
INSERT INTO product SELECT g, 'p' || g, g FROM generate_series(1, 100) g;
INSERT INTO sale SELECT g, 1 + g % 100, g % 7 FROM generate_series(1, 1000) g;
CREATE MATERIALIZED VIEW product_sales AS
  SELECT p.id, p.name, p.price, sum(s.n) AS sold FROM product p JOIN sale s ON s.product = p.id GROUP BY p.id;
CREATE UNIQUE INDEX product_sales_id ON product_sales (id);
COMMENT ON INDEX product_sales_id IS 'one row a product';
CREATE VIEW sold AS SELECT p.id, p.name, count(*) FROM product p JOIN sale s ON s.product = p.id GROUP BY p.id;
CREATE RULE sold_insert AS ON INSERT TO sold DO INSTEAD NOTHING;
CREATE MATERIALIZED VIEW best AS SELECT * FROM product_sales ORDER BY sold DESC LIMIT 3;
CREATE UNIQUE INDEX best_id ON best (id);
GRANT SELECT ON product_sales TO PUBLIC;
