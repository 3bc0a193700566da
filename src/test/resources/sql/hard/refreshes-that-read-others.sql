-- A materialized view whose function reads another one, which the dump does not tell.
CREATE TABLE base AS SELECT g FROM generate_series(1,300000) g;
CREATE MATERIALIZED VIEW m0 AS SELECT g FROM base ORDER BY -g;
CREATE MATERIALIZED VIEW m1 AS SELECT g FROM m0;
CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(*) FROM public.m1); END $$;
CREATE MATERIALIZED VIEW m2 AS SELECT total() AS t;
