# shellcheck shell=bash
# A hub that runs is asked what it runs with; where none does, what ./hub start would use is looked at.

doctor() { # keys for ./hub start, which are looked at whatever runs
  local why='keys were given' state
  if (($# == 0)) && a_hub_tells; then
    say "hub: the hub at $hub_url was asked: this is what it runs with"
    field '[.lines[], .summary] | .[] | clean' || fail 3 "$no_hub"
    [[ $(field .failed) == 0 ]] || exit 1
    return
  fi
  if (($# == 0)) && [[ ${status:-001} == 00? ]] && stores_are_in_use; then
    fail 3 'a hub is starting here; ask again once it prints its address'
  fi
  state=$(state_of_the_hub)
  if (($# == 0)) && [[ $state != .hub && -z ${HUB_SECRETS_DIR:-} ]]; then
    export HUB_STATE_DIR=$state HUB_SECRETS_DIR=${state%/state}/hub
    say "hub: $why: this is what ./hub up --real was given"
  else
    say "hub: $why: this is what ./hub start would use"
  fi
  package
  run_java -jar "$copy/hub.jar" doctor "$@"
}

# Whether ./hub up holds its stores. Java's locks are POSIX ones, which flock does not see.
stores_are_in_use() {
  local file=${HUB_STATE_DIR:-.hub}/dev/devservices.lock
  [[ -f $file && -r /proc/locks ]] && grep -q ":$(stat -c %i -- "$file") " /proc/locks
}

a_hub_tells() { # whether one answers; else why not
  why='there is no jq or curl to ask a hub with'
  type -P jq >/dev/null && type -P curl >/dev/null || return
  why=$( (connect) 2>&1) || {
    why=${why#hub: }
    return 1
  }
  connect
  api GET /doctor
  case $status in
    200) return ;;
    001) why="no hub answers at $hub_url" ;;
    000) why="what listens at $hub_url does not answer" ;;
    401 | 403) why="the hub at $hub_url refuses the key: $(problem)" ;;
    404) why=$no_hub ;;
    # Such as a hub whose database is down: it cannot check the key.
    *) why="the hub at $hub_url cannot tell: $(problem)" ;;
  esac
  return 1
}
