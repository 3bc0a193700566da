# shellcheck shell=bash
# The command line (src/main/java/routes/cli), which asks a running hub: built, and started.

command_line=$app/command-line

# Hands a verb on. Files in its arguments are the caller's.
ask_a_hub() { # verb, arguments…
  local columns=0
  build_command_line
  state_of_the_hub
  [[ ! -t 2 ]] || columns=$(stty size <&2 2>/dev/null) || columns=0
  # Java takes arguments for ASCII where the locale says nothing else.
  [[ ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} == *[Uu][Tt][Ff]* ]] || export LC_ALL=C.UTF-8
  type -P "$java" >/dev/null || need jdk
  local jar=$PWD/$command_line/hub-cli
  cd -- "$caller"
  # The archive of its classes makes it start faster. One that is missing or of another Java is passed over in silence.
  exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -Xshare:auto \
    -XX:SharedArchiveFile="$jar.jsa" -Dhub.columns="${columns#* }" -jar "$jar.jar" "$@"
}

# Sets where the hub that runs here keeps its state: ./hub up --real has a place of its own.
state_of_the_hub() {
  if [[ -z ${HUB_STATE_DIR:-} && -f ${HUB_REAL_HOME:-.hub/real}/run/hub.pid ]]; then
    source scripts/real/common.sh
    source scripts/real/processes.sh
    ! pid_of hub >/dev/null || HUB_STATE_DIR=$real_home/state
  fi
  export HUB_STATE_DIR=${HUB_STATE_DIR:-.hub}
  [[ $HUB_STATE_DIR == /* ]] || HUB_STATE_DIR=$PWD/$HUB_STATE_DIR
}

build_command_line() {
  if [[ ! -d src ]]; then
    command_line=target/cli # as mvn package makes it
    [[ -f $command_line/hub-cli.jar ]] || fail 2 "there is no $command_line/hub-cli.jar"
  elif command_line_is_stale; then
    one_at_a_time build_stale_command_line
  fi
}

command_line_is_stale() {
  [[ ! -f $command_line/hub-cli.jar ||
    -n $(find pom.xml src/main/*/routes/cli -newer "$command_line/hub-cli.jar") ]]
}

# Goals of Maven that make it in cli/ of the folder that is built in.
command_line_goals=(jar:jar@cli dependency:copy-dependencies@cli)

build_stale_command_line() {
  local goals=(-q -Dhub.target="$app" -Dspotless.check.skip compile "${command_line_goals[@]}") mark=$app/cli-begun
  command_line_is_stale || return 0 # another process built it meanwhile
  need jdk mvn
  say 'hub: builds the command line'
  touch -- "$mark"
  # Without asking a registry, if what it needs is on this machine.
  maven -o "${goals[@]}" >/dev/null 2>&1 || maven "${goals[@]}" >&2
  install_command_line "$mark"
}

# Puts what Maven made where it is run from, each file as a whole: what runs keeps what it began with.
install_command_line() { # file whose time is from before the build
  local from=$app/cli file
  mkdir -p -- "$command_line/lib"
  for file in "$from"/lib/*.jar "$from/hub-cli.jar"; do
    file=${file#"$from/"}
    cp -- "$from/$file" "$command_line/$file.new"
    touch -r "$1" -- "$command_line/$file.new"
    mv -f -- "$command_line/$file.new" "$command_line/$file"
  done
  # A run that loads what most verbs load; where no archive can be made, the start is slower and that is all.
  file=$command_line/hub-cli.jsa
  rm -f -- "$file"
  printf none >"$app/no-key"
  HUB_URL=http://127.0.0.1:1 HUB_API_KEY_FILE=$app/no-key "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable \
    -XX:ArchiveClassesAtExit="$file.new" -jar "$PWD/$command_line/hub-cli.jar" version </dev/null >/dev/null 2>&1 || true
  [[ ! -s $file.new ]] || mv -f -- "$file.new" "$file"
}

# The verbs of this machine, then those of the command line: where it is not built yet, help does not build it.
help() {
  cat scripts/help.txt
  if [[ -d src ]] && command_line_is_stale; then
    printf '\nFurther verbs ask a running hub; ./hub runs --help builds the command line, then ./hub help lists them.\n'
  else
    printf '\n'
    (ask_a_hub --help)
  fi
}

# A hub that runs is asked what it runs with; where none answers, or keys are given, what ./hub start would use is checked.
doctor() { # keys for ./hub start
  local code=0
  case $* in
    '' | --json) (ask_a_hub doctor "$@") || code=$? ;;
    -h | --help) ask_a_hub doctor --help ;;
    *)
      only_keys_and '' "$@"
      code=2
      ;;
  esac
  ((code >= 2)) || exit "$code"
  if (($# == 0)); then
    ((code != 3)) || ! stores_are_in_use ||
      fail 3 'a hub is starting here; ask again once it prints its address'
    local own=${HUB_STATE_DIR:-}
    state_of_the_hub
    if [[ -z $own && $HUB_STATE_DIR != "$PWD/.hub" && -z ${HUB_SECRETS_DIR:-} ]]; then
      export HUB_SECRETS_DIR=${HUB_STATE_DIR%/state}/hub
      say 'hub: this is what ./hub up --real was given'
    else
      say 'hub: this is what ./hub start would use'
    fi
  else
    say 'hub: this is what ./hub start would use with these keys'
  fi
  package
  run_java -jar "$copy/hub.jar" doctor "$@"
}

# Whether ./hub up holds its stores. Java's locks are POSIX ones, which flock does not see.
stores_are_in_use() {
  local file=${HUB_STATE_DIR:-.hub}/dev/devservices.lock
  [[ -f $file && -r /proc/locks ]] && grep -q ":$(stat -c %i -- "$file") " /proc/locks
}
