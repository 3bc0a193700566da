#!/bin/bash
# Whether the server lets a role in that has a password: pg_isready is content with a refusal.
set -euo pipefail
umask 077
export PGPASSFILE=/tmp/healthy.pgpass
printf '*:*:*:exporter:%s\n' "$(</run/secrets/postgres_exporter)" >"$PGPASSFILE"
psql --no-psqlrc --quiet --no-password --host=127.0.0.1 --username=exporter --dbname="${HUB_DATABASE:?}" \
  --command='SELECT 1' >/dev/null
