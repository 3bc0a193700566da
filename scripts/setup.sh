# shellcheck shell=bash
# What this machine needs: looked for, and installed when it may be.

# What each tool's package is called:
#        apt-get              dnf                   apk               pacman      brew
packages='
jdk      default-jdk-headless java-21-openjdk-devel openjdk21         jdk-openjdk openjdk
mvn      maven                maven                 maven             maven       maven
pg_dump  postgresql-client    postgresql            postgresql-client postgresql  postgresql@17
postgres postgresql           postgresql-server     postgresql        postgresql  postgresql@17
jq       jq                   jq                    jq                jq          jq
curl     curl                 curl                  curl              curl        curl
age      age                  age                   age               age         age
zstd     zstd                 zstd                  zstd              zstd        zstd'

java=${JAVA_HOME:+$JAVA_HOME/bin/}java

have() { # tool
  case $1 in
    jdk) [[ -n $(type -P "${java}c") ]] && java_is_new_enough ;;
    pg_dump | postgres)
      type -P "$1" >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null ||
        compgen -G "/usr/pgsql-*/bin/$1" >/dev/null ||
        compgen -G "/opt/homebrew/opt/postgresql@*/bin/$1" >/dev/null ;;
    *) type -P "$1" >/dev/null ;;
  esac
}

java_is_new_enough() {
  local major
  major=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  [[ -n $major && $major -ge 17 ]]
}

# Installs what is missing when it may; else prints the one command to type.
need() { # tools…
  local missing=() names=() tool manager command as=''
  for tool; do have "$tool" || missing+=("$tool"); done
  ((${#missing[@]})) || return 0
  manager=$(for tool in apt-get dnf apk pacman brew; do type -P "$tool" && break; done) ||
    fail 2 "missing: ${missing[*]/#jdk/jdk (17 or newer)}; install them, then try again"
  manager=${manager##*/}
  while read -r tool apt dnf apk pacman brew; do
    [[ " ${missing[*]} " == *" $tool "* ]] || continue
    case $manager in
      apt-get) names+=("$apt") ;;
      dnf) names+=("$dnf") ;;
      apk) names+=("$apk") ;;
      pacman) names+=("$pacman") ;;
      brew) names+=("$brew") ;;
    esac
  done <<<"$packages"
  case $manager in
    apt-get | dnf) command="$manager install -y ${names[*]}" ;;
    apk) command="apk add ${names[*]}" ;;
    pacman) command="pacman -S --noconfirm --needed ${names[*]}" ;;
    brew) command="brew install ${names[*]}" ;;
  esac
  [[ $manager == brew || $EUID -eq 0 ]] || as='sudo -n'
  # Which JDK is the owner's choice. A password is not asked for in the middle of a build.
  if [[ " ${missing[*]} " == *' jdk '* ]] || { [[ -n $as ]] && ! $as true 2>/dev/null; }; then
    say "hub: missing: ${missing[*]/#jdk/jdk (17 or newer)}; type this, then try again:"
    [[ $manager != apt-get ]] || command="apt-get update && ${as:+sudo }$command"
    say "  ${as:+sudo }$command"
    exit 2
  fi
  say "hub: installs ${names[*]} with $manager"
  install "$as" "$command"
}

install() { # sudo or nothing, command
  local log script=$2 no_cluster=/etc/postgresql-common/createcluster.d/ml-security-hub.conf
  log=$(mktemp)
  if [[ $2 == apt-get* ]]; then
    # The lists of packages may be missing or old. And Debian would make and start a database of its
    # own with the server's programs; ours are made by the hub.
    script="mkdir -p ${no_cluster%/*} && echo 'create_main_cluster = false' >$no_cluster
      export DEBIAN_FRONTEND=noninteractive
      { $2 || { apt-get update && $2; }; }; code=\$?; rm -f $no_cluster; exit \$code"
  fi
  if ! $1 sh -c "$script" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail 2 "this failed: ${1:+sudo }$2 (what it said is in $log)"
  fi
  rm -f "$log"
}
