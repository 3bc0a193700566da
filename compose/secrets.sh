#!/usr/bin/env bash
# Makes what compose.yaml reads from compose/secrets/: one 0600 file a secret, owned by whom the
# containers run as. A repeat makes what is missing and leaves the others as they are.
#
#   compose/secrets.sh                  makes what is missing
#   compose/secrets.sh renew <name> …   gives these new values; docs/hardening.md says who must be told
#
# A file is written in place: a container sees the file that it was started with, and one that was
# deleted and made anew would be another, of which it never hears.
set -euo pipefail
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

# Containers do not run as root; root's own secrets are given to a number that nobody has.
uid=$(id -u) gid=$(id -g)
if ((uid == 0)); then uid=10001 gid=10001; fi

mkdir -p secrets
if [[ ! -e .env ]]; then
  printf 'HUB_UID=%s\nHUB_GID=%s\n' "$uid" "$gid" >.env
else
  uid=$(sed -n 's/^HUB_UID=//p' .env) gid=$(sed -n 's/^HUB_GID=//p' .env)
  [[ $uid =~ ^[1-9][0-9]*$ && $gid =~ ^[1-9][0-9]*$ ]] ||
    { echo "secrets: compose/.env lacks HUB_UID and HUB_GID, or one is 0: see .env.example" >&2; exit 2; }
fi

# A file that we made for another user is one that its reader cannot open.
((EUID == 0 || EUID == uid)) || {
  echo "secrets: compose/.env says HUB_UID=$uid, and you are $EUID: run this as that user or as root, or change HUB_UID" >&2
  exit 2
}

secret() { cat -- "secrets/$1"; }

renew=()
if (($# > 0)); then
  [[ $1 == renew && $# -gt 1 ]] || { echo 'usage: secrets.sh [renew <name> …]' >&2; exit 2; }
  renew=("${@:2}")
  for name in "${renew[@]}"; do
    [[ -e secrets/$name ]] || { echo "secrets: there is no secrets/$name" >&2; exit 2; }
    case $name in
      mlflow_pgpass) from=postgres_mlflow ;;
      mlflow_aws_credentials) from=s3_mlflow ;;
      redis_exporter_passwords) from=redis_exporter ;;
      minio_metrics_token) from=s3_prometheus ;;
      alert_*) echo "secrets: secrets/$name is given to you by others: write the new value into it" >&2; exit 2 ;;
      minio_root_*) echo "secrets: nobody reads secrets/$name; renew s3_${name#minio_}" >&2; exit 2 ;;
      *) continue ;;
    esac
    echo "secrets: secrets/$name is made from $from; renew that" >&2
    exit 2
  done
fi

# Whether it has a value that is to stay.
stays() { [[ -s secrets/$1 && " ${renew[*]} " != *" $1 "* ]]; }

# Letters and digits only: they stand in URLs, JSON and SQL as they are.
random() { # name, bytes
  stays "$1" || od -An -v -N"${2:-24}" -tx1 /dev/urandom | tr -d ' \n' >"secrets/$1"
}

# From standard input, for whoever reads none of the plain ones.
made() { # name
  local text
  text=$(cat && printf x) # a line end stays at the end
  printf %s "${text%x}" >"secrets/$1"
}

for role in password hub hub_backup hub_drill hub_restore mlflow exporter grafana; do
  random "postgres_$role"
done
random redis_password # of the default user: the platform's services
random redis_hub
random redis_exporter
# Until versitygw came, the S3 server's root had MinIO's name: who has it keeps it.
for name in root_user root_password; do
  [[ ! -s secrets/minio_$name || -e secrets/s3_$name ]] || mv -- "secrets/minio_$name" "secrets/s3_$name"
done
random s3_root_password
stays s3_root_user || printf 'root-%s' "$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')" >secrets/s3_root_user
for user in hub mlflow training model_cache prometheus; do random "s3_$user" 20; done
random hub_metrics_token 32
random grafana_admin_password
# A key of Fernet's: 32 bytes in URL-safe base64.
stays mlflow_webhook_key || head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >secrets/mlflow_webhook_key

# Whoever wants to be told of alerts fills these in: Slack's URL, the mail server's password, …
for name in alert_slack_url alert_smtp_password alert_webhook_url alert_watchdog_url; do
  [[ -e secrets/$name ]] || : >"secrets/$name"
done

# Files that programs want in a form of their own.
# Each is read first: what cannot be read would be an empty password in them.
postgres_mlflow=$(secret postgres_mlflow)
s3_mlflow=$(secret s3_mlflow)
redis_exporter=$(secret redis_exporter)
s3_prometheus=$(secret s3_prometheus)
printf '*:*:*:mlflow:%s\n' "$postgres_mlflow" | made mlflow_pgpass
printf '[default]\naws_access_key_id = mlflow\naws_secret_access_key = %s\n' "$s3_mlflow" |
  made mlflow_aws_credentials
printf '{"redis://exporter@redis:6379": "%s", "rediss://exporter@redis:6379": "%s"}\n' \
  "$redis_exporter" "$redis_exporter" | made redis_exporter_passwords

# What `mc admin prometheus generate` would write, but signed by a user who may read metrics and
# nothing else, where that takes root: a JWT, HMAC-SHA512. In the shell, since openssl takes keys as
# arguments only, which are everybody's to see.
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

padded() { # key of at most 128 bytes, byte: the key, xored with it
  local index escape
  for ((index = 0; index < 128; index++)); do
    if ((index < ${#1})); then
      printf -v escape '\\x%02x' $(($(printf '%d' "'${1:index:1}") ^ $2))
    else
      printf -v escape '\\x%02x' "$2"
    fi
    printf '%b' "$escape"
  done
}

signed() { # key; what is signed from standard input
  { padded "$1" 0x5c; { padded "$1" 0x36; cat; } | openssl dgst -sha512 -binary; } | openssl dgst -sha512 -binary
}

claims=$(printf '{"alg":"HS512","typ":"JWT"}' | base64url).$(
  printf '{"exp":4102444800,"sub":"prometheus","iss":"prometheus"}' | base64url)
printf '%s.%s' "$claims" "$(printf %s "$claims" | signed "$s3_prometheus" | base64url)" |
  made minio_metrics_token

chmod 600 secrets/*
if (($(id -u) == 0)); then chown -R -- "$uid:$gid" secrets; fi
echo "secrets: compose/secrets/ holds $(find secrets -type f ! -name '.*' | wc -l | tr -d ' ') files, for $uid:$gid"
