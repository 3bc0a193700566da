# shellcheck shell=bash
# Options, words, and the query of an address.

encoded() { jq -rn --arg text "$1" '$text | @uri'; }

# Reads options into opt_<name> and other arguments into words.
parse() { # "--flag --option=", arguments…
  local allowed=" $1 " name
  shift
  words=()
  while (($#)); do
    name=${1%%=*}
    if [[ $1 != -* ]]; then
      words+=("$1")
    elif [[ $allowed == *" $1 "* ]]; then
      option "$1" yes
    elif [[ $allowed == *" $name= "* && $1 == *=* ]]; then
      option "$name" "${1#*=}"
    elif [[ $allowed == *" $name= "* && $# -gt 1 ]]; then
      option "$name" "$2"
      shift
    else
      wrong "$verb: $1 is no option of it, or lacks its value"
    fi
    shift
  done
}

option() { # --name, value
  local name=${1#--}
  printf -v "opt_${name//-/_}" %s "$2"
}

words_between() { # least, most, what they are
  ((${#words[@]} >= $1 && ${#words[@]} <= $2)) || wrong "$verb takes ${3:-no arguments}"
}

query() { # name, value, name, value, …
  local text=''
  while (($#)); do
    [[ -z $2 ]] || text+="&$1=$(encoded "$2")"
    shift 2
  done
  printf '%s' "${text/&/?}"
}
