# shellcheck shell=bash
# Builds the hub and starts it, its tests and the programs beside them.

maven() {
  local plain=() built=$app/built-before
  # The repository may be elsewhere; a checkout that was built has it.
  [[ -e $built || -d ${HOME:-}/.m2/repository/org/apache/camel ]] ||
    say 'hub: first build: downloads about 300 MB, takes some minutes'
  [[ -t 1 ]] || plain=(-Dstyle.color=never) # into logs, and through pipes
  mvn -B -ntp ${plain+"${plain[@]}"} "$@" || return
  mkdir -p -- "$app"
  touch -- "$built"
}

# What ./hub starts is built here, apart from target/, where Maven and the tests work; and each process runs from a copy
# of its own, named by its pid. So no build changes what runs.
app=target/app
copy=target/run/$$

# Builds one at a time: whoever waited finds it built.
one_at_a_time() { # command…
  mkdir -p -- "$app"
  (
    if type -P flock >/dev/null; then # macOS has none
      flock --nonblock 7 || { say 'hub: waits for another build' && flock 7; }
    fi
    "$@" 7>&-
  ) 7>>"$app/lock"
}

# Whether a source changed since the last build began. What that made is no mark: its time is part of the source.
changed_since() { # mark
  [[ ! -f $1 || -n $(find pom.xml src -newer "$1") ]]
}

# Classes of a deleted source would be built in, too: Maven deletes nothing. A folder's time shows that files
# that came or went.
clean_up_after_removed_sources() { # where classes lie
  local mark=$1/classes-begun
  if [[ ! -f $mark || -n $(find src -type d -newer "$mark" -print -quit) ]]; then
    rm -rf -- "$1/classes" "$1/test-classes" "$1/maven-status"
    mkdir -p -- "$1"
    touch -- "$mark"
  fi
}

# A new copy; those of processes that ended go.
new_copy() {
  local each
  mkdir -p -- "$copy"
  for each in target/run/*; do
    [[ $each != "$copy" ]] || continue
    [[ -d /proc/${each##*/} ]] || kill -0 "${each##*/}" 2>/dev/null || rm -rf -- "$each"
  done
}

# Compiles when sources changed, and keeps the class path while pom.xml stays as it is: a warm start
# runs no Maven at all.
compile() {
  classpath=$app/classpath-$(cksum <pom.xml | tr -c '0-9\n' -)
  one_at_a_time compile_a_copy
  classpath=$copy/test-classes:$copy/classes:$(<"$classpath")
}

compile_a_copy() {
  local built=$app/compiled offline=-o
  all_there || offline=
  if [[ -z $offline ]] || changed_since "$built"; then
    # The mark is from before the build: what changes meanwhile is built next time.
    touch "$built.next"
    rm -f "$built"
    say 'hub: builds'
    clean_up_after_removed_sources "$app"
    maven -q $offline -Dhub.target="$app" -Dspotless.check.skip -Dmdep.includeScope=test \
      -Dmdep.outputFile="$classpath" test-compile dependency:build-classpath "${command_line_goals[@]}" >&2
    install_command_line "$built.next"
    mv "$built.next" "$built"
  fi
  new_copy
  rm -rf -- "$copy"/*classes
  cp -R -- "$app/classes" "$app/test-classes" "$copy"
}

all_there() { # the class path and its jars: somebody may have emptied Maven's repository
  local jar jars
  [[ -s $classpath ]] || return 1
  IFS=: read -r -a jars <"$classpath" || true
  for jar in "${jars[@]}"; do [[ -e $jar ]] || return 1; done
}

package() {
  one_at_a_time package_a_copy
}

package_a_copy() {
  local built=$app/packaged jar=$app/hub.jar
  if [[ ! -d src ]]; then
    jar=target/hub.jar
  elif [[ ! -f $jar ]] || changed_since "$built"; then
    need jdk mvn
    say 'hub: builds the jar'
    touch "$built.next"
    # Removed, not written over: processes have links to it.
    rm -f "$built" "$jar" "$jar.original"
    clean_up_after_removed_sources "$app"
    maven -q -Dhub.target="$app" -Dmaven.test.skip -Dspotless.check.skip package >&2
    mv "$built.next" "$built"
  fi
  new_copy
  ln -f -- "$jar" "$copy/hub.jar" 2>/dev/null || cp -f -- "$jar" "$copy/hub.jar"
}

# The C library keeps what threads freed in arenas of their own; two are enough for a hub.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}

run_java() {
  java_is_new_enough || need jdk
  # shellcheck disable=SC2086 # several options
  exec "$java" ${HUB_JAVA_OPTS:-@scripts/jvm.options} "$@"
}

need_for_development() {
  local tools=(jdk mvn jq curl)
  # With the server of its own version: pg_dump reads none that is newer than itself.
  have pg_dump || tools+=(pg_dump postgres)
  need "${tools[@]}"
}

# Refuses what is neither one of these options nor a key of the configuration: Spring Boot would ignore it.
only_keys_and() { # "--option …", arguments…
  local allowed=" $1 " each
  for each in "${@:2}"; do
    [[ $allowed == *" $each "* || $each =~ ^--[A-Za-z][^=]*= ]] || wrong "$verb: unknown option $each"
  done
}

up() {
  only_keys_and '--once --real --services' "$@"
  need_for_development
  compile
  # Keys and passwords will lie there.
  (umask 077 && mkdir -p -- "${HUB_STATE_DIR:-.hub}")
  if [[ " $* " == *' --real '* ]]; then
    source scripts/real/real.sh
    on_real_servers
  fi
  run_java -cp "$classpath" routes.devservices.HubUp "$@"
}

# Programs beside the tests: routes.bench.BackupBench, routes.chaos.BackupChaos …
beside_the_tests() { # bench or chaos, name, arguments…
  local package=$1 name=${2:-}
  [[ $name =~ ^[a-z]+$ && -f src/test/java/routes/$package/${name^}${package^}.java ]] ||
    wrong "$package: which one? $(cd "src/test/java/routes/$package" && echo *"${package^}.java" |
      sed "s/${package^}\.java//g" | tr '[:upper:]' '[:lower:]')"
  need_for_development
  compile
  shift 2
  run_java -cp "$classpath" "routes.$package.${name^}${package^}" "$@"
}

run_tests() { # --all: the slow ones, too; what else there is is Maven's
  local argument arguments=()
  for argument; do
    [[ $argument != --all ]] || argument=-DexcludedGroups=
    arguments+=("$argument")
  done
  need_for_development
  # Only docs/break-glass.md needs them; its test is skipped, and says so, where there are none.
  (need age zstd) || say 'hub: without them the break-glass page is not tested'
  clean_up_after_removed_sources target
  # Tests call ./hub, and none shall wait for a build beside the others.
  (build_command_line) || say 'hub: the command line was not built before the tests'
  maven verify ${arguments+"${arguments[@]}"}
}

sbom() {
  need jdk mvn
  maven -q org.cyclonedx:cyclonedx-maven-plugin:makeBom "$@" >&2
  say 'hub: target/hub-sbom.json'
}

start() {
  only_keys_and '' "$@"
  need pg_dump
  package
  run_java -jar "$copy/hub.jar" "$@"
}
