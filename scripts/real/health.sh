# shellcheck shell=bash
# Whether a server does its work, asked as a client would: with a password where it has one. Prints ok, or why not.

fetch() { # curl's arguments
  curl --disable --silent --fail --noproxy '*' --connect-timeout 2 --max-time 5 "$@"
}

health() { # name
  local port
  port=$(port_of "$1")
  if "health_of_${1//-/_}" "$port" >/dev/null 2>&1; then printf ok; else printf 'does not answer'; fi
}

health_of_postgres() { sql_as hub ml_security_consolidated <<<'SELECT 1'; }
health_of_redis() { # port
  local answer
  exec 9<>"/dev/tcp/127.0.0.1/$1"
  printf 'AUTH hub %s\r\nPING\r\n' "$(secret redis-hub)" >&9
  read -r -t 3 answer <&9 && [[ $answer == +OK* ]] && read -r -t 3 answer <&9 && [[ $answer == +PONG* ]]
}
health_of_minio() { lists_buckets "$1" hub "$(secret s3-hub)"; }
health_of_versitygw() { lists_buckets "$1" root "$(secret s3-versitygw)"; }
health_of_mlflow() { # an answer of its database
  fetch --header 'Content-Type: application/json' --data '{"max_results": 1}' \
    "http://127.0.0.1:$1/api/2.0/mlflow/experiments/search"
}
health_of_jaeger() { fetch "http://127.0.0.1:$1/api/services"; }
health_of_prometheus() { fetch "http://127.0.0.1:$1/-/ready"; }
health_of_alertmanager() { fetch "http://127.0.0.1:$1/-/ready"; }
health_of_postgres_exporter() { fetch "http://127.0.0.1:$1/metrics" | grep -qx 'pg_up 1'; }
health_of_redis_exporter() { fetch "http://127.0.0.1:$1/metrics" | grep -qx 'redis_up 1'; }
health_of_node_exporter() { fetch "http://127.0.0.1:$1/metrics"; }

empty_body=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

lists_buckets() { # port, access key, secret key
  printf 'user = "%s:%s"\n' "$2" "$3" |
    fetch --config - --aws-sigv4 aws:amz:us-east-1:s3 \
      --header "x-amz-content-sha256: $empty_body" "http://127.0.0.1:$1/" | grep -q ListAllMyBucketsResult
}

# --- status -------------------------------------------------------------------------------------

real_status() { # --json
  local name version pid port is bad=0 rows
  parse '--json' "$@"
  words_between 0 0
  need jq curl
  rows=$(
    for name in $(each_server); do
      port=- version=$(pinned "$name")
      if pid=$(pid_of "$name"); then
        port=$(port_of "$name")
        is=$(health "$name")
        [[ $name != alertmanager || $is != ok ]] || is+=", $(whom_alerts_reach)"
      elif ! is_there "$name"; then
        is="not installed: $(tail -n 1 "$real_cache/log/$name.why" 2>/dev/null || echo './hub real install')"
      elif [[ $name =~ ^(mc|python-clients|openapi-client)$ ]]; then
        is='ok, a tool'
      else
        is="not running$(why_not_running "$name")"
      fi
      ! is_there "$name" || version=$(version_of "$name")
      printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$version" "${pid:--}" "$port" "$is"
    done
  )
  if [[ -n ${opt_json:-} ]]; then
    jq -Rn '[inputs | split("\t") | {server: .[0], version: .[1], pid: (.[2] | tonumber? // null),
      port: (.[3] | tonumber? // null), status: .[4]}]' <<<"$rows"
  else
    jq -Rrn "$shapes"'[["SERVER", "VERSION", "PID", "PORT", ""]] + [inputs | split("\t")] | table' <<<"$rows"
  fi
  ! grep -qv $'\tok[^\t]*$' <<<"$rows" || bad=1
  return "$bad"
}

why_not_running() { # name
  [[ ! -s $real_home/run/$1.why ]] || printf ': %s' "$(<"$real_home/run/$1.why")"
}

receivers_folder() { printf '%s/alertmanager' "$real_home"; }

# By the configuration that it was given.
whom_alerts_reach() {
  local ways
  ways=$(sed -n 's/^ *\([a-z]*\)_configs:$/\1/p' "$real_home/etc/alertmanager.yml" 2>/dev/null | sort -u | paste -sd ' ')
  if [[ -n $ways ]]; then
    printf 'tells by %s' "${ways// /, }"
  else
    printf 'sends nowhere, because %s has no slack-url, webhook-url, watchdog-url or smtp-password' "$(receivers_folder)"
  fi
}
