#!/usr/bin/env bash
# Writes dashboards/*.json from dashboards.jq. Commit both: DashboardsTest compares them.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
into=${1:-dashboards}
jq -cn -f dashboards.jq | while IFS= read -r dashboard; do
  jq . <<<"$dashboard" >"$into/$(jq -r .uid <<<"$dashboard").json"
done
