#!/usr/bin/env bash
# Records recorded.json: a real MLflow, of its own and empty, is asked what the contract asks.
# usage: record.sh     needs what ./hub test needs, and MLflow from ./hub real install mlflow
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../../.."
cache=${HUB_REAL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ml-security-hub/real}
python=$(compgen -G "$cache/mlflow-*/bin/python") || {
  echo 'record: no MLflow; ./hub real install mlflow' >&2
  exit 1
}
port=${PORT:-28544}
work=$(mktemp -d)
server=
finish() {
  [[ -z $server ]] || kill -- "-$server" 2>/dev/null || true
  rm -rf -- "$work"
}
trap finish EXIT

# Webhooks go to this machine only where both are said; without a pause, what was just made is known.
MLFLOW_WEBHOOK_ALLOWED_SCHEMES=http MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS=true MLFLOW_WEBHOOK_CACHE_TTL=1 \
  MLFLOW_DISABLE_TELEMETRY=true setsid "$python" -m mlflow server --host 127.0.0.1 --port "$port" --workers 1 \
  --backend-store-uri "sqlite:///$work/mlflow.db" --artifacts-destination "$work/artifacts" --serve-artifacts \
  >"$work/log" 2>&1 &
server=$!
until curl -fsS -m 2 "127.0.0.1:$port/health" >"$work/health" 2>&1; do
  kill -0 "$server" || { tail -n 20 "$work/log" >&2; exit 1; }
  sleep 0.5
done
mvn -B -ntp -o -q test -Dspotless.check.skip -Dtest=MlflowRealTest -Dhub.mlflow.record="http://127.0.0.1:$port"
ls -l src/test/resources/mlflow/recorded.json
