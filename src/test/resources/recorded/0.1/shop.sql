CREATE TABLE public.orders (id int PRIMARY KEY, customer text NOT NULL, amount numeric(10,2), placed timestamptz);
INSERT INTO public.orders SELECT n, 'customer ' || n % 17, n * 1.25, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 hour' FROM generate_series(1, 200) n;
CREATE TABLE public.lines (order_id int REFERENCES public.orders, line int, note text, PRIMARY KEY (order_id, line));
INSERT INTO public.lines SELECT n, l, repeat('ä', l) FROM generate_series(1, 200) n, generate_series(1, 2) l;
CREATE VIEW public.totals AS SELECT customer, sum(amount) FROM public.orders GROUP BY customer;
