#!/bin/bash
# Lets Grafana read, once the hub's migrations are through.
set -euo pipefail
PGPASSFILE=$(mktemp)
export PGPASSFILE
password=$(</run/secrets/postgres_hub)
printf '*:*:*:hub:%s\n' "$password" >"$PGPASSFILE"
psql --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 --host=postgres --username=hub \
  --dbname="${HUB_DATABASE:?}" --file=/grafana.sql
