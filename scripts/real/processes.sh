# shellcheck shell=bash
# Servers as plain processes of this user, each in a session of its own. What is ended is what was started: a process
# is known by its pid and by when it began, since pids are used again.

began_at() { # pid: ticks after the machine's start; fails when it has gone, zombies included
  local line fields
  { line=$(<"/proc/$1/stat"); } 2>/dev/null || return
  # The name in parentheses may hold anything.
  read -r -a fields <<<"${line##*) }"
  [[ ${fields[0]} != Z ]] || return
  printf '%s' "${fields[19]}"
}

# Its pid, when it runs and was started by us.
pid_of() { # name
  local pid began
  { read -r pid began <"$real_home/run/$1.pid"; } 2>/dev/null || return
  [[ -n $began && $(began_at "$pid") == "$began" ]] || return
  printf '%s' "$pid"
}

note_pid() { # name, pid
  printf '%s %s\n' "$2" "$(began_at "$2")" >"$real_home/run/$1.pid"
}

# Starts a command that works in a folder of its own and logs to a file of its own.
launch() { # name, command…
  local name=$1 log=$real_home/log/$1.log
  shift
  mkdir -p -- "$real_home/work/$name"
  [[ ! -f $log ]] || mv -f -- "$log" "$log.1"
  (
    cd -- "$real_home/work/$name" || exit
    exec setsid "$@" </dev/null >"$log" 2>&1 8>&-
  ) &
  note_pid "$name" $!
}

# Asks a server to end, with all it started; SIGKILL after half a minute.
end_process() { # name
  local name=$1 pid deadline=$((SECONDS + 30))
  pid=$(pid_of "$name") || return 0
  # PostgreSQL waits for its sessions on TERM, and ends them, and its own processes, on INT.
  if [[ $name == postgres ]]; then kill -s INT "$pid" || true; else signal_all TERM "$pid"; fi
  while pid_of "$name" >/dev/null; do
    if ((SECONDS >= deadline)); then
      say "hub: $name did not end within 30 s and is killed"
      signal_all KILL "$pid"
      deadline=$((SECONDS + 30))
    fi
    sleep 0.1
  done
  rm -f -- "$real_home/run/$name.pid"
}

# Servers lead a group of their own; the hub may be one of several in somebody's script.
signal_all() { # signal, pid
  kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2" 2>/dev/null || true
}

# Whether a server answers, within some seconds; false at once when it has ended.
answers_within() { # seconds, name
  local deadline=$((SECONDS + $1))
  while ((SECONDS < deadline)); do
    pid_of "$2" >/dev/null || return
    [[ $(health "$2") != ok ]] || return 0
    sleep 0.2
  done
  return 1
}

# --- ports --------------------------------------------------------------------------------------

# The usual port when it is free at the first start, then always the same.
standard_ports='
postgres 5432
redis 6379
minio 9000
minio-console 9001
versitygw 7070
mlflow 5000
jaeger 16686
otlp-grpc 4317
otlp-http 4318
jaeger-metrics 8888
jaeger-health 13133
prometheus 9090
alertmanager 9093
postgres-exporter 9187
redis-exporter 9121
node-exporter 9100'

port_of() { # name
  sed -n "s/^$1=\([0-9]*\)$/\1/p" "$real_home/ports" 2>/dev/null
}

choose_ports() {
  local name port wanted
  touch -- "$real_home/ports"
  while read -r name port; do
    [[ -n $name && -z $(port_of "$name") ]] || continue
    wanted=$port
    while taken "$port" || grep -q "=$port\$" "$real_home/ports"; do
      port=$((20000 + RANDOM % 10000))
    done
    ((port == wanted)) || say "hub: port $wanted is taken: $name gets $port ($real_home/ports)"
    printf '%s=%s\n' "$name" "$port" >>"$real_home/ports"
  done <<<"$standard_ports"
}

taken() { # port: whether something listens there
  (exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# --- secrets ------------------------------------------------------------------------------------

secret_file() { printf '%s' "$real_home/secrets/$1"; } # name

# 192 random bits, made once, readable by this user only.
secret() { # name
  local file
  file=$(secret_file "$1")
  [[ -s $file ]] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file"
  printf '%s' "$(<"$file")"
}

# A file for libpq: neither arguments nor environment hold the password.
passfile_of() { # role
  local file
  file=$(secret_file "$1.pgpass")
  printf '127.0.0.1:%s:*:%s:%s\n' "$(port_of postgres)" "$1" "$(secret "postgres-$1")" >"$file"
  printf '%s' "$file"
}

# A file of credentials in the form of all AWS SDKs.
s3_credentials_of() { # user
  local file
  file=$(secret_file "$1.s3")
  printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$1" "$(secret "s3-$1")" >"$file"
  printf '%s' "$file"
}
