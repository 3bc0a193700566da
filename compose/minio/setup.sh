#!/bin/bash
# One key and one policy for each service; all else is refused and nothing is public. Buckets are
# made by the hub's job buckets.apply. A repeat changes nothing.
set -euo pipefail
umask 077
secrets=${HUB_SECRETS:-/run/secrets}
endpoint=${HUB_S3_ENDPOINT:-http://s3:9000}
policies=${HUB_POLICIES:-/policies}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# Ends the script when there is none: an empty key would be set as one.
secret() { # name
  local value
  value=$(cat -- "$secrets/$1") && [[ -n $value ]] || {
    echo "minio: cannot read $secrets/$1, or it is empty: compose/secrets.sh makes it" >&2
    return 1
  }
  printf %s "$value"
}

root=$(secret s3_root_user)
root_key=$(secret s3_root_password)
printf '{"version": "10", "aliases": {"hub": {"url": "%s", "accessKey": "%s", "secretKey": "%s", "api": "S3v4",
  "path": "on"}}}\n' "$endpoint" "$root" "$root_key" \
  >"$work/config.json"
if [[ -d ${HUB_CAS:-/certs/CAs} ]]; then mkdir -p "$work/certs" && cp -r "${HUB_CAS:-/certs/CAs}" "$work/certs/CAs"; fi

client() { mc --config-dir "$work" --quiet "$@"; }

for user in hub mlflow training model_cache prometheus; do
  key=$(secret "s3_$user")
  # Read from standard input: arguments are everybody's to see.
  printf '%s\n%s\n' "${user//_/-}" "$key" | client admin user add hub
  client admin policy create hub "${user//_/-}" "$policies/$user.json"
  said=$(client admin policy attach hub "${user//_/-}" --user "${user//_/-}" 2>&1) ||
    [[ $said == *'already in effect'* ]] || { echo "$said" >&2; exit 1; }
done
