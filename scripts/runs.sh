# shellcheck shell=bash
# A run: asked for, followed to its end, shown.

assignment='^[A-Za-z][A-Za-z0-9_.-]*='
run_options='--json --dry-run --queue --wait --no-wait'

run() { # job, name=value…
  local job=$1 body path id
  shift
  body=$(jq -cn '$ARGS.positional | map(capture("^(?<key>[^=]+)=(?<value>(.|\n)*)$")) | from_entries' \
    --args "$@")
  path=/jobs/$(encoded "$job")/runs$(
    query dryRun "${opt_dry_run:+true}" overlap "${opt_queue:+queue}"
  )
  local idempotency_key
  idempotency_key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  api POST "$path" "$body"
  # It may have been accepted before the answer was lost: the key makes a repeat find that run.
  [[ $status != 000 && $status != 5?? ]] || api_patiently POST "$path" "$body"
  accepted
  idempotency_key=
  id=$(field .id) || fail 3 "$no_hub"
  if [[ -n ${opt_no_wait:-} ]]; then
    if [[ -n ${opt_json:-} ]]; then printf '%s\n' "$answer"; else printf '%s\n' "$id"; fi
    return
  fi
  wait_for "$id"
}

wait_for() { # run id
  local state pause=0.3 clear='' streams=yes meter=null shown='' shown_at=0 width=80
  if [[ -t 2 ]]; then
    clear=$'\r\e[K' width=$(stty size <&2 2>/dev/null) || true
    width=${width#* }
    [[ $width =~ ^[1-9][0-9]*$ ]] || width=80
  fi
  trap 'say "${clear}hub: the run goes on: ./hub runs '"$1"'"; exit 130' INT
  while :; do
    # What is told live is for show; how it ended is asked for.
    [[ -z $streams ]] || follow "$1"
    api_patiently GET "/runs/$(encoded "$1")"
    accepted
    state=$(field .state) || fail 3 "$no_hub"
    [[ $state == queued || $state == running ]] || break
    tell_progress
    sleep "$pause"
    ((SECONDS < 15)) || pause=1
  done
  trap - INT
  [[ -z $clear ]] || printf %s "$clear" >&2
  ended "$state"
}

# Shows a run by its event stream until that ends or breaks. A hub that offers none is polled.
follow() { # run id
  local line event='' now
  exec 3< <(key_header | curl --disable --config - --silent --fail --no-buffer --path-as-is \
    --noproxy '127.0.0.1,localhost,::1' --connect-timeout 5 -- \
    "$hub_url/api/runs/$(encoded "$1")/events")
  streams=
  # Twice the hub's heartbeat without a word: it has gone.
  while IFS= read -r -t 40 -u 3 line; do
    case $line in
      'event: '*) event=${line#event: } ;;
      'data: '*)
        streams=yes
        case $event in
          state) now=${line#data: } ;;
          progress) now=$(jq -c --argjson now "${line#data: }" '.progress = $now' <<<"$answer") || continue ;;
          *) continue ;;
        esac
        answer=$now
        field 'select(.finishedAt == null) | .id' >/dev/null || continue # its end is told once, in the end
        tell_progress
        ;;
    esac
  done
  exec 3<&-
}

# A bar on a terminal; else lines, a new one when the state changes, at each tenth, and when there is
# news after 5 seconds.
tell_progress() {
  local line mark
  if [[ -n $clear ]]; then
    meter=$(jq -c --argjson was "$meter" "$shapes"'meter($was)' <<<"$answer" 2>/dev/null) || meter=null
    line=$(jq -r --argjson meter "$meter" "$shapes"'bar($meter) | clean' <<<"$answer" 2>/dev/null) ||
      return 0
    printf '%s%.*s' "$clear" "$((width - 1))" "$line" >&2
    return
  fi
  mark=$(field '"\(.state) \(.attempt) \(.progress | if .total // 0 > 0 then .done * 10 / .total | floor
    else 0 end)"') || return 0
  line=$(progress)
  if [[ $mark != "${shown%%|*}" ]] || { [[ $line != "${shown#*|}" ]] && ((SECONDS - shown_at >= 5)); }; then
    say "$line"
    shown="$mark|$line" shown_at=$SECONDS
  fi
}

progress() {
  field '"\(.job)  \(.state)" + (if .attempt > 1 then ", attempt \(.attempt)" else "" end)
    + (.progress | if . == null then "" else
        "  " + (if .unit == "bytes" then (.done | size) else "\(.done) \(.unit)" end)
        + (if .total > 0 then " (\(.done * 100 / .total | floor) %)" else "" end)
        + (if .detail then "  \(.detail)" else "" end) end)
    + (if .state == "queued" and .headline then "  \(.headline)" else "" end) | clean'
}

ended() { # state
  [[ -z ${opt_json:-} ]] || printf '%s\n' "$answer"
  if [[ $1 != succeeded ]]; then
    fail 1 "$(field '"\(.job) \(.state): \(.headline // .error.detail // "no reason given")
  ./hub runs \(.id) shows its log" | split("\n") | map(clean) | join("\n")')"
  fi
  [[ -n ${opt_json:-} ]] || field '"\(.job)  \(.headline)" | clean'
  if [[ (-n ${opt_dry_run:-} || $verb == retention) && -z ${opt_json:-} ]]; then
    field '.summary.items // [] | map(["  " + .action, .target, .reason]) | table' || true
  fi
}

run_of() { # job, names of its parameters in their order, least of them
  local named=() names word i
  local given=("${words[@]+"${words[@]}"}")
  words=()
  for word in "${given[@]+"${given[@]}"}"; do
    if [[ $word =~ $assignment ]]; then named+=("$word"); else words+=("$word"); fi
  done
  read -r -a names <<<"$2"
  words_between "$3" "${#names[@]}" "$3 to ${#names[@]} of: $2"
  for ((i = 0; i < ${#words[@]}; i++)); do named+=("${names[i]}=${words[i]}"); done
  connect
  run "$1" "${named[@]}"
}

hold_or_release() { # reads words
  local word name names=() body='{}' path method=POST
  for word in "${words[@]+"${words[@]}"}"; do
    if [[ $word =~ $assignment ]]; then
      name=${word%%=*}
      [[ $verb == hold && $name =~ ^(reason|until)$ ]] || wrong "$verb: takes no $name"
      body=$(jq -c --arg name "$name" --arg value "${word#*=}" '.[$name] = $value' <<<"$body")
    else
      names+=("$word")
    fi
  done
  ((${#names[@]} == 3)) || wrong "$verb takes <source> <snapshot> <name of the hold>"
  [[ $verb == hold ]] || { method=DELETE body=; }
  connect
  path=/snapshots/$(encoded "${names[0]}")/$(encoded "${names[1]}")/holds/$(encoded "${names[2]}")
  ask "$method" "$path" ${body:+"$body"}
  show '[["\(.source)/\(.snapshot)",
    (if .holds == {} then "not held" else "held: " + (.holds | keys | join(", ")) end)]]'
}

dead_letters() { # list | show | replay | edit | discard, its words
  local act=$1 body file path
  shift
  case $act in
    list)
      (($# == 0)) || wrong 'dead-letters list takes options only'
      connect
      ask GET "/dead-letters$(query port "${opt_port:-}" state "${opt_state:-}" \
        since "${opt_since:-}" limit "${opt_limit:-}")"
      show '[["KEPT (UTC)", "DEAD LETTER", "PORT", "STATE", "FAILURES", ""]] + [.items[]
        | [(.createdAt | when), .id, .port, .state, .failures, .error]]'
      ;;
    show)
      (($# == 1)) || wrong 'dead-letters show takes <id>'
      connect
      ask GET "/dead-letters/$(encoded "$1")"
      printf '%s\n' "$answer"
      ;;
    replay)
      if (($#)); then
        body=$(jq -cn '{ids: $ARGS.positional}' --args "$@")
      else
        [[ -n ${opt_port:-} ]] || wrong 'dead-letters replay takes ids, or --port'
        body=$(jq -cn --arg port "$opt_port" --arg most "${opt_limit:-100}" \
          '{port: $port, most: ($most | tonumber? // $most)}')
      fi
      connect
      ask POST /dead-letters/replay "$body"
      show '[["DEAD LETTER", ""]] + [.items[] | [.id, (if .replayed then "replayed" else .why end)]]'
      [[ $(field '.failed') == 0 ]] || fail 1 'not all of them were taken'
      ;;
    edit)
      (($# == 2)) || wrong 'dead-letters edit takes <id> <file>'
      file=$2
      [[ $file == /* ]] || file=$caller/$file
      [[ -r $file ]] || wrong "dead-letters edit: cannot read $file"
      connect
      ask POST "/dead-letters/$(encoded "$1")/edit" \
        "$(base64 <"$file" | tr -d '\n' | jq -Rc '{bodyBase64: .}')"
      show '[["\(.letter.id): mended, \(.letter.bytes) bytes"]]'
      ;;
    discard)
      [[ $# == 2 && $2 == reason=?* ]] || wrong 'dead-letters discard takes <id> reason=…'
      connect
      path=/dead-letters/$(encoded "$1")/discard
      ask POST "$path" "$(jq -cn --arg reason "${2#reason=}" '{reason: $reason}')"
      show '[["\(.letter.id): discarded"]]'
      ;;
    *) wrong "dead-letters: '$act' is none of list, show, replay, edit, discard" ;;
  esac
}

one_run() { # id
  local run log='' after=0
  ask GET "/runs/$(encoded "$1")"
  run=$answer
  while :; do
    ask GET "/runs/$(encoded "$1")/log?after=$after&limit=500"
    log+=$answer$'\n'
    after=$(field '.items | if length == 500 then .[-1].seq else empty end') || break
  done
  if [[ -n ${opt_json:-} ]]; then
    jq -s '{run: .[0], log: [.[1:][].items[]]}' <<<"$run"$'\n'"$log"
    return
  fi
  answer=$run field '(to_entries | map(select(.value | type != "object") | [.key, .value]))
    + (.params // {} | to_entries | map(["params." + .key, .value])) | table' || fail 3 "$no_hub"
  jq -r "$shapes"' .items[] | "\(.at | when)  \(.level)  \(.message)" | clean' <<<"$log"
}
