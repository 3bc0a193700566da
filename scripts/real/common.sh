# shellcheck shell=bash
# What the table of servers says, and where things lie.

# Programs are the same for every checkout and are kept by version: built once. Data, secrets and logs are this
# checkout's.
real_home=${HUB_REAL_HOME:-$PWD/.hub/real}
real_cache=${HUB_REAL_CACHE:-${XDG_CACHE_HOME:-${HOME:-$PWD/.hub}/.cache}/ml-security-hub/real}

table_of_servers() { grep -v '^#' scripts/real/servers.txt; }

each_server() { table_of_servers | cut -d ' ' -f 1; }

entry_of() { # name: way, version, what
  table_of_servers | while read -r name entry; do
    [[ $name != "$1" ]] || printf '%s\n' "$entry"
  done
}

known_server() { # name
  [[ -n $(entry_of "$1") ]] || wrong "real: '$1' is none of: $(each_server | paste -sd ' ')"
}

way_of() { # name
  local way rest
  read -r way rest <<<"$(entry_of "$1")"
  printf '%s' "$way"
}

pinned() { # name: its version, without Debian's epoch
  local way version rest
  read -r way version rest <<<"$(entry_of "$1")"
  printf '%s' "${version#*:}"
}

home_of() { # name: where it is installed; complete when it exists
  printf '%s/%s-%s' "$real_cache" "$1" "$(pinned "$1")"
}

# The program, or nothing when it is not there.
program() { # name
  local home file
  home=$(home_of "$1")
  case $1 in
    postgres) file=$(postgres_bin)/postgres ;;
    redis) file=$(installed_redis || printf %s "$home/usr/bin/redis-server") ;;
    mlflow | *-clients | *-client) file=$home/bin/python ;; # a moved environment runs by its interpreter, not by its scripts
    prometheus) file=$home/usr/bin/prometheus ;;
    *-exporter) file=$home/usr/bin/prometheus-$1 ;;
    *) file=$home/bin/$1 ;;
  esac
  [[ ! -f $file || ! -x $file ]] || printf '%s' "$file"
}

is_there() { [[ -n $(program "$1") ]]; } # name

# Whose S3 holds the hub's backups and MLflow's artifacts. Noted at the first start, since what lies there does not move.
s3_server() {
  if [[ -s $real_home/s3 ]]; then
    printf '%s' "$(<"$real_home/s3")"
  elif [[ -d $real_home/data/minio ]] || minio_is_there || ! is_there versitygw; then
    printf minio
  else
    printf versitygw
  fi
}

minio_is_there() { is_there minio && is_there mc; } # mc makes its keys and buckets

# The newest PostgreSQL on this machine that is new enough.
postgres_bin() {
  local bin best='' major most=0
  for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "$(dirname -- "$(type -P postgres || echo /)")"; do
    [[ -x $bin/postgres && -x $bin/initdb && -x $bin/pg_dump && -x $bin/psql ]] || continue
    major=$("$bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    if ((major >= $(pinned postgres) && major > most)); then best=$bin most=$major; fi
  done
  printf '%s' "$best"
}

installed_redis() { # the machine's own, when it is new enough
  local file major
  file=$(type -P redis-server) || return
  major=$("$file" --version | sed -n 's/.* v=\([0-9]*\)\..*/\1/p')
  ((${major:-0} >= 7)) || return
  printf '%s' "$file"
}

version_of() { # name: what is there
  case $1 in
    postgres) "$(program postgres)" --version | sed 's/.*) \([0-9.]*\).*/\1/' ;;
    redis) LD_LIBRARY_PATH=$(libraries_of redis) "$(program redis)" --version | sed 's/.* v=\([0-9.]*\).*/\1/' ;;
    *) pinned "$1" ;;
  esac
}

# Where programs that were unpacked find the libraries that were unpacked with them.
libraries_of() { # name
  local folder
  folder=$(compgen -G "$(home_of "$1")/usr/lib/*-linux-*") || true
  printf '%s' "$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}
