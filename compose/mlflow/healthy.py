"""Whether MLflow reaches its database: /health answers without it."""

import os
import sys
import urllib.request

server = os.environ.get("HUB_MLFLOW", "http://127.0.0.1:5000")
with urllib.request.urlopen(f"{server}/api/2.0/mlflow/experiments/search?max_results=1", timeout=5) as answer:
    sys.exit(0 if answer.status == 200 else 1)
