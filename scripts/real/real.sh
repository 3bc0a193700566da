# shellcheck shell=bash
# ./hub real: the platform's real servers as plain processes. docs/real-servers.md

source scripts/arguments.sh
source scripts/tables.sh
source scripts/real/common.sh
source scripts/real/install.sh
source scripts/real/processes.sh
source scripts/real/health.sh
source scripts/real/stores.sh
source scripts/real/up.sh

real() { # install | up | down | status | demo
  local what=${1:-}
  shift || true
  case $what in
    install) real_install "$@" ;;
    up) real_up "$@" ;;
    down) real_down "$@" ;;
    status) real_status "$@" ;;
    demo) real_demo "$@" ;;
    *) wrong 'real: which one? install, up, down, status or demo' ;;
  esac
}
