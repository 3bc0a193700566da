#!/bin/bash
# Becomes the S3 server. Its root key has no other way in than the environment: of this process, not of the container.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/request.sh"
data=${HUB_S3_DATA:-/data}
mkdir -p -- "$data"/{objects,versions,meta,keys}
ROOT_ACCESS_KEY=$(secret s3_root_user)
ROOT_SECRET_KEY=$(secret s3_root_password)
export ROOT_ACCESS_KEY ROOT_SECRET_KEY
exec versitygw --port "${HUB_S3_PORT:-:9000}" --health /health --quiet --iam-dir "$data/keys" "$@" \
  posix --sidecar "$data/meta" --versioning-dir "$data/versions" "$data/objects"
