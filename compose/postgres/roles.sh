#!/bin/bash
# One role for each service, with the least it needs. The server's first start runs this; run it
# again after a password was changed: docker compose exec postgres /roles.sh
#
#   hub          owns what its migrations make; creates neither databases nor roles
#   hub_backup   reads everything, past row security, and writes nothing
#   hub_drill    makes scratch databases and drops them; may not enter the platform's
#   hub_restore  makes the databases that a restore asks for; may not enter the platform's
#   mlflow       owns the schema mlflow and sees no other
#   exporter     reads statistics
#   grafana      reads what grafana.sql names
set -euo pipefail

database=${HUB_DATABASE:?}
secrets=${HUB_SECRETS:-/run/secrets}
roles=(hub hub_backup hub_drill hub_restore mlflow exporter grafana)

# Before psql: a secret that it cannot read is an empty password to it.
for role in password "${roles[@]}"; do
  password=$(cat -- "$secrets/postgres_$role") && [[ -n $password ]] || {
    echo "roles: cannot read $secrets/postgres_$role, or it is empty: compose/secrets.sh makes it; no role was changed" >&2
    exit 1
  }
done
PGPASSFILE=$(mktemp)
export PGPASSFILE
trap 'rm -f -- "$PGPASSFILE"' EXIT
printf '*:*:*:postgres:%s\n' "$(<"$secrets/postgres_password")" >"$PGPASSFILE"
# The entrypoint's own server has no address but its socket.
sql() { psql --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 --username=postgres --dbname="$1" --set=database="$database"; }

# psql reads the passwords itself: no argument and no environment holds one.
{
  echo 'SET client_min_messages = warning;'
  for role in "${roles[@]}"; do
    cat <<SQL
\\set secret \`cat '$secrets/postgres_$role'\`
SELECT 'CREATE ROLE $role LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$role') \\gexec
ALTER ROLE $role PASSWORD :'secret';
SQL
  done
  cat <<'SQL'
ALTER ROLE hub_drill CREATEDB;
ALTER ROLE hub_restore CREATEDB;
ALTER ROLE hub_backup BYPASSRLS;
GRANT pg_read_all_data TO hub_backup;
GRANT pg_monitor TO exporter;
ALTER ROLE mlflow SET search_path = mlflow;
ALTER ROLE grafana SET default_transaction_read_only = on;
ALTER ROLE grafana SET statement_timeout = '15s';
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C''', :'database')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO hub;
GRANT CONNECT ON DATABASE :"database" TO hub_backup, mlflow, exporter, grafana;
SQL
} | sql postgres
sql "$database" <<'SQL'
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS mlflow AUTHORIZATION mlflow;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- The hub reads experiments and models, and writes none.
GRANT USAGE ON SCHEMA mlflow TO hub;
GRANT SELECT ON ALL TABLES IN SCHEMA mlflow TO hub;
ALTER DEFAULT PRIVILEGES FOR ROLE mlflow IN SCHEMA mlflow GRANT SELECT ON TABLES TO hub;
SQL
