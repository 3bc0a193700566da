#!/bin/sh
# Writes who may come in, with hashes of the passwords, into memory; then becomes the server.
set -eu
umask 077

hashed() { # secret
  printf %s "$(cat "/run/secrets/$1")" | sha256sum | cut -d ' ' -f 1
}

cat >/tmp/users.conf <<CONF
user default on sanitize-payload #$(hashed redis_password) ~* &* +@all -@admin -flushall -flushdb -swapdb -debug +info
user hub on sanitize-payload #$(hashed redis_hub) ~* &* +@all -@admin -@dangerous +info +keys +config|get +client|setname
user exporter on #$(hashed redis_exporter) resetkeys +ping +info +config|get +latency +slowlog|get +slowlog|len +client|list +client|setname +select +cluster|info +dbsize
CONF
exec redis-server /etc/redis/redis.conf "$@"
