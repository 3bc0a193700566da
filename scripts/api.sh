# shellcheck shell=bash
# Asks a running hub. The key is in nobody's arguments or environment.

hub_url=${HUB_URL:-http://127.0.0.1:8080}
hub_url=${hub_url%/}
no_hub="what answers at $hub_url is no hub, or one of another version"
patience=${HUB_PATIENCE:-60}

# Where the hub that runs here keeps its state: ./hub up --real has a place of its own.
state_of_the_hub() {
  if [[ -f ${HUB_REAL_HOME:-.hub/real}/run/hub.pid ]]; then
    source scripts/real/common.sh
    source scripts/real/processes.sh
    if pid_of hub >/dev/null; then
      printf '%s' "$real_home/state"
      return
    fi
  fi
  printf .hub
}

connect() {
  local file
  file=${HUB_STATE_DIR:-$(state_of_the_hub)}/api-key
  need jq curl
  case ${HUB_API_KEY_FILE:-} in
    '') ;;
    /*) file=$HUB_API_KEY_FILE ;;
    *) file=$caller/$HUB_API_KEY_FILE ;;
  esac
  [[ $patience =~ ^[0-9]{1,6}$ ]] || fail 2 "HUB_PATIENCE is '$patience' but must be seconds"
  [[ -r $file ]] ||
    fail 2 "cannot read the API key in $file; ./hub up makes one, HUB_API_KEY_FILE names another"
  key=$(<"$file")
  [[ $key =~ ^[A-Za-z0-9._~+/=-]+$ ]] || fail 2 "$file holds no API key"
}

key_header() { printf 'header = "Authorization: Bearer %s"\n' "$key"; }

# Asks once. Sets status (000: no answer, 001: nobody there) and answer. curl reads the key from a
# pipe: arguments and environment are everybody's to see.
api() { # method, path, [body]
  local reply code=0
  reply=$(key_header |
    curl --disable --config - --silent --path-as-is --noproxy '127.0.0.1,localhost,::1' \
      --connect-timeout 5 --max-time 30 --request "$1" ${3+--data-raw "$3"} \
      --header 'Content-Type: application/json' \
      ${idempotency_key:+--header "Idempotency-Key: $idempotency_key"} \
      --write-out '\n%{http_code}' -- "$hub_url/api$2") || code=$?
  status=${reply##*$'\n'}
  answer=${reply%$'\n'*}
  case $code in
    0) ;;
    6 | 7) status=001 ;;
    *) status=000 ;;
  esac
}

# A hub that restarts, or that others keep busy, is asked again for a while.
api_patiently() { # method, path, [body]
  local deadline=$((SECONDS + patience))
  while api "$@" && [[ $status == 00? || $status == 5?? || $status == 429 ]] &&
    ((SECONDS < deadline)); do
    sleep 0.5
  done
}

# Leaves the script unless the hub did as it was asked.
accepted() {
  case $status in
    2??) [[ -z $answer ]] || field . >/dev/null || fail 3 "$no_hub" ;;
    4??) fail 2 "$(problem)" ;;
    00?) fail 3 "no hub answers at $hub_url; ./hub up starts one" ;;
    *) fail 3 "$(problem)" ;;
  esac
}

ask() { # method, path, [body]
  api "$@"
  accepted
}

# Writes an answer of any size as it comes; one that breaks off fails.
download() { # path
  local code=0
  key_header | curl --disable --config - --silent --fail --path-as-is \
    --noproxy '127.0.0.1,localhost,::1' --connect-timeout 5 --speed-limit 1 --speed-time 60 -- \
    "$hub_url/api$1" || code=$?
  case $code in
    0) ;;
    6 | 7) fail 3 "no hub answers at $hub_url; ./hub up starts one" ;;
    22)
      ask GET "$1"
      fail 3 "$no_hub"
      ;;
    *) fail 1 'the answer broke off: what was written is not the whole; the log of the hub says why' ;;
  esac
}

problem() {
  field '.detail // .title // empty | clean' || printf 'the hub answered %s\n' "$status"
}
