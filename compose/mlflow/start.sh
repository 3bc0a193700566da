#!/bin/bash
# Becomes MLflow. It signs its webhooks with secrets that it keeps encrypted; without a key of its own it makes one at
# each start, and cannot read the secrets of before. It takes the key from its environment only: of this process, not of
# the container.
set -euo pipefail
MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY=$(</run/secrets/mlflow_webhook_key)
[[ -n $MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY ]] ||
  { echo 'mlflow: /run/secrets/mlflow_webhook_key is empty: compose/secrets.sh makes it' >&2; exit 1; }
export MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY
exec python -m mlflow server --host 0.0.0.0 --port 5000 --workers 2 --artifacts-destination s3://mlflow-artifacts \
  --serve-artifacts --expose-prometheus /tmp/metrics "$@"
