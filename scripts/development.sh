# shellcheck shell=bash
# Builds the hub and starts it, its tests and the programs beside them.

maven() {
  [[ -d ${HOME:-}/.m2/repository/org/apache/camel ]] ||
    say 'hub: first build: downloads about 300 MB, takes some minutes'
  mvn -B -ntp "$@"
}

newer_than() { # file: whether a source is
  [[ ! -f $1 || -n $(find pom.xml src -newer "$1") ]]
}

# Compiles when sources changed, and keeps the class path while pom.xml stays as it is: a warm start
# runs no Maven at all.
compile() {
  local built=target/hub-built offline=-o
  classpath=target/hub-classpath-$(cksum <pom.xml | tr -c '0-9\n' -)
  all_there || offline=
  [[ -z $offline ]] || newer_than "$built" || return 0
  mkdir -p target
  # The mark is from before the build: what changes meanwhile is built next time.
  touch "$built.next"
  say 'hub: builds'
  maven -q $offline -Dspotless.check.skip -Dmdep.includeScope=test \
    -Dmdep.outputFile="$classpath" test-compile dependency:build-classpath >&2
  mv "$built.next" "$built"
}

all_there() { # the class path and its jars: somebody may have emptied Maven's repository
  local jar jars
  [[ -s $classpath ]] || return 1
  IFS=: read -r -a jars <"$classpath" || true
  for jar in "${jars[@]}"; do [[ -e $jar ]] || return 1; done
}

package() {
  if [[ -d src ]] && newer_than target/hub.jar; then
    need jdk mvn
    say 'hub: builds target/hub.jar'
    maven -q -Dmaven.test.skip -Dspotless.check.skip package >&2
  fi
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

up() {
  need_for_development
  compile
  # Keys and passwords will lie there.
  (umask 077 && mkdir -p -- "${HUB_STATE_DIR:-.hub}")
  if [[ " $* " == *' --real '* ]]; then
    source scripts/real/real.sh
    on_real_servers
  fi
  run_java -cp "target/test-classes:target/classes:$(<"$classpath")" routes.devservices.HubUp "$@"
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
  run_java -cp "target/test-classes:target/classes:$(<"$classpath")" \
    "routes.$package.${name^}${package^}" "$@"
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
  maven verify ${arguments+"${arguments[@]}"}
}

sbom() {
  need jdk mvn
  maven -q org.cyclonedx:cyclonedx-maven-plugin:makeBom "$@" >&2
  say 'hub: target/hub-sbom.json'
}

start() {
  need pg_dump
  package
  run_java -jar target/hub.jar "$@"
}

doctor() {
  package
  run_java -jar target/hub.jar doctor "$@"
}
