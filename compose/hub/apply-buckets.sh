#!/bin/bash
# Asks the hub to make the platform's buckets, with the key that it made for itself, and waits.
set -euo pipefail
umask 077
api=${HUB_API:-http://hub:8080}/api
header=$(mktemp)
trap 'rm -f -- "$header"' EXIT
key=$(</var/lib/hub/api-key)
printf 'X-API-Key: %s' "$key" >"$header"

ask() { curl --fail --silent --show-error --max-time 30 --header "@$header" "$@"; }
field() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

run=$(ask --header 'Content-Type: application/json' --data '{}' "$api/jobs/buckets.apply/runs" | tr ',' '\n' | field id)
for ((round = 0; round < 120; round++)); do
  answer=$(ask "$api/runs/${run:?the hub named no run}" | tr ',' '\n')
  state=$(field state <<<"$answer")
  case $state in
    succeeded) echo "buckets.apply succeeded: run $run"; exit 0 ;;
    failed | cancelled | skipped) echo "buckets.apply $state: run $run" >&2; exit 1 ;;
  esac
  sleep 1
done
echo "buckets.apply has not ended: run $run" >&2
exit 1
