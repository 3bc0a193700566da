#!/bin/sh
# Records mlflow.sql.gz: a real MLflow server migrates the schema `mlflow` of a real PostgreSQL and
# its own client logs to it; pg_dump exports what it then holds.
# usage: record-mlflow.sh     needs python3 with venv, PostgreSQL 15 (PGBIN names its bin directory)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${PGBIN:-/usr/lib/postgresql/15/bin}
port=${PORT:-28543}
work=$(mktemp -d)
as=
[ "$(id -u)" != 0 ] || as="unshare -U" # PostgreSQL refuses root
umask 077

finish() {
  [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
  $as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "mlflow${MLFLOW_VERSION:->=3}" psycopg2-binary
head -c 24 /dev/urandom | base64 | tr '/+' '_-' >"$work/password"
$as "$bin/initdb" -D "$work/data" -U recorder --pwfile="$work/password" -A scram-sha-256 -E UTF8 --locale=C >/dev/null
$as "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start >/dev/null
printf '127.0.0.1:%s:*:recorder:%s\n' "$port" "$(cat "$work/password")" >"$work/pgpass"
export PGPASSFILE="$work/pgpass" PGHOST=127.0.0.1 PGPORT="$port" PGUSER=recorder PGDATABASE=postgres
"$bin/psql" -qc 'CREATE SCHEMA mlflow'

MLFLOW_DISABLE_TELEMETRY=true "$work/venv/bin/mlflow" server --host 127.0.0.1 --port $((port + 1)) --workers 1 \
  --backend-store-uri "postgresql+psycopg2://recorder@127.0.0.1:$port/postgres?options=-csearch_path%3Dmlflow" \
  --default-artifact-root s3://mlflow-artifacts --no-serve-artifacts >"$work/mlflow.log" 2>&1 &
server=$!
MLFLOW_DISABLE_TELEMETRY=true "$work/venv/bin/python" "$here/record_mlflow.py" "http://127.0.0.1:$((port + 1))" \
  || { tail -30 "$work/mlflow.log"; exit 1; }

# Session settings, comments and psql's own commands go: what stays is plain SQL for any driver.
"$bin/pg_dump" --schema=mlflow --no-owner --no-privileges --inserts --rows-per-insert=500 \
  | sed -e '/^SET /d' -e '/^SELECT pg_catalog.set_config/d' -e '/^--/d' -e '/^\\/d' -e '/^$/d' >"$work/mlflow.sql"
gzip -9n <"$work/mlflow.sql" >"$here/mlflow.sql.gz"
chmod 644 "$here/mlflow.sql.gz"
"$work/venv/bin/mlflow" --version
ls -l "$here/mlflow.sql.gz"
"$bin/psql" -Atc "SELECT 'runs ' || count(*) FROM mlflow.runs" -c "SELECT 'metrics ' || count(*) FROM mlflow.metrics"
