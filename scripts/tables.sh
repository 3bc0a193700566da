# shellcheck shell=bash
# Answers as tables, or as the JSON they came in.

shapes=$(<scripts/tables.jq)

# Prints what a jq program makes of the answer; fails when it is no JSON, or the result is nothing.
field() { # jq program
  jq -er "$shapes $1" <<<"$answer" 2>/dev/null
}

show() { # jq program that makes rows, the first one the heads
  if [[ -n ${opt_json:-} ]]; then
    printf '%s\n' "$answer"
  else
    field "$1 | table" || fail 3 "$no_hub"
  fi
}
