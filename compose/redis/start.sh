#!/bin/sh
# Writes who may come in, with hashes of the passwords, into memory; then becomes the server.
set -eu
umask 077

secrets=${HUB_SECRETS:-/run/secrets}

hashed() { # secret
  password=$(cat "$secrets/$1") && [ -n "$password" ] || {
    echo "redis: cannot read $secrets/$1, or it is empty: compose/secrets.sh makes it" >&2
    exit 1
  }
  printf %s "$password" | sha256sum | cut -d ' ' -f 1
}

# Not inside the text: there a failure would pass for an empty password.
default=$(hashed redis_password)
hub=$(hashed redis_hub)
exporter=$(hashed redis_exporter)
cat >/tmp/users.conf <<CONF
user default on sanitize-payload #$default ~* &* +@all -@admin -flushall -flushdb -swapdb -debug +info
user hub on sanitize-payload #$hub ~* &* +@all -@admin -@dangerous +info +keys +config|get +client|setname
user exporter on #$exporter resetkeys +ping +info +config|get +latency +slowlog|get +slowlog|len +client|list +client|setname +select +cluster|info +dbsize
CONF
exec redis-server /etc/redis/redis.conf "$@"
