# shellcheck shell=bash
# Options and words of the verbs that are bash.

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
      [[ $allowed != *" $1= "* ]] || wrong "$verb: option $1 needs a value"
      wrong "$verb: unknown option $name"
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
