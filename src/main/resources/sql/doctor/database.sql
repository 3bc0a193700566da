-- What the hub needs to know of its own database before Flyway touches it. Changes nothing.
SELECT current_user AS role, current_database() AS database,
       current_setting('server_version') AS version,
       current_setting('server_version_num')::integer AS number,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
       current_setting('transaction_read_only')::boolean AS read_only,
       pg_catalog.to_regclass('hub.schema_version') IS NOT NULL AS migrated
FROM pg_catalog.pg_database d WHERE d.datname = current_database()
