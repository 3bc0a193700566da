-- What a restored database must share with its source. Reads catalogues only.
SELECT d.datname, current_setting('server_version') AS version,
       current_setting('server_version_num')::int / 10000 AS major,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, d.datcollate, d.datctype,
       coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') AS provider,
       coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS icu_locale
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
