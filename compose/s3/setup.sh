#!/bin/bash
# A key for each service, the platform's buckets, and for each who may do what with it; all else is refused and nothing
# is public. A repeat changes nothing but the keys that were changed, and the policies to those in policies/.
set -euo pipefail
umask 077
. "$(dirname -- "${BASH_SOURCE[0]}")/request.sh"
policies=${HUB_POLICIES:-/policies}
body=$(mktemp)
trap 'rm -f -- "$body"' EXIT

for user in hub mlflow training model_cache; do
  key=$(secret "s3_$user")
  printf '<Account><Access>%s</Access><Secret>%s</Secret><Role>user</Role></Account>' "${user//_/-}" \
    "$key" >"$body"
  request PATCH /create-user "$body" 201 XAdminUserExists
  # Whoever was there has the key of before.
  printf '<MutableProps><Secret>%s</Secret></MutableProps>' "$key" >"$body"
  request PATCH "/update-user?access=${user//_/-}" "$body" 200 -
done

for policy in "$policies"/*.json; do
  bucket=$(basename -- "$policy" .json)
  locked=false
  [[ $bucket != hub-backups ]] || locked=true
  : >"$body"
  # Locked means versioned, too.
  request PUT "/$bucket" "$body" 200 BucketAlreadyOwnedByYou --header "x-amz-bucket-object-lock-enabled: $locked"
  request PUT "/$bucket?policy=" "$policy" 204 -
done

# Governance, so that the root key can shorten it; the hub's may not.
printf '%s' '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>14</Days></DefaultRetention></Rule></ObjectLockConfiguration>' >"$body"
checksum=$(printf '%b' "$(sha256sum <"$body" | sed 's/ .*//; s/../\\x&/g')" | base64)
request PUT '/hub-backups?object-lock=' "$body" 200 - --header "x-amz-checksum-sha256: $checksum"
