-- What Grafana's panels read, and nothing else: no keys, no bodies of dead letters. Repeat-safe. The
-- hub owns the tables, and grants this after its migrations made them.
GRANT USAGE ON SCHEMA hub, analytics, business_metrics TO grafana;
GRANT SELECT ON hub.job_run, hub.run_log, hub.snapshot, hub.damaged_chunk, hub.trigger_state TO grafana;
GRANT SELECT (seq, id, channel, key, type, created_at, relayed_at) ON hub.outbox TO grafana;
GRANT SELECT (id, message_id, port, media_type, failures, created_at, replayed_at) ON hub.dead_letter TO grafana;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics, business_metrics TO grafana;
ALTER DEFAULT PRIVILEGES IN SCHEMA analytics, business_metrics GRANT SELECT ON TABLES TO grafana;
