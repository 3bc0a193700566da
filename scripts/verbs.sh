# shellcheck shell=bash
# The verbs that ask a running hub.

# One function for all: each verb is a few lines of what the other parts offer.
over_the_api() { # its arguments
  case $verb in
    jobs)
      parse '--json' "$@"
      words_between 0 0
      connect
      ask GET /jobs
      show '[["JOB", "PARAMETERS", ""]] + [.items[] | [.id,
        ([.parameters[]? | if .required then .name else "[\(.name)]" end] | join(" ")), .description]]'
      ;;
    run)
      parse "$run_options" "$@"
      words_between 1 999 '<job> [name=value …]'
      for word in "${words[@]:1}"; do
        [[ $word =~ $assignment ]] || wrong "run: '$word' is not name=value"
      done
      connect
      run "${words[@]}"
      ;;
    restore)
      parse "$run_options --copy= --into= --force --globals --keep-going" "$@"
      words+=(${opt_copy:+"copy=$opt_copy"} ${opt_force:+force=true} ${opt_globals:+globals=true}
        ${opt_keep_going:+keepGoing=true})
      if [[ -n ${opt_into:-} ]]; then
        words+=("into=$opt_into")
        run_of restore.postgres 'source target snapshot' 2
      else
        run_of restore.postgres 'source target database snapshot' 3
      fi
      ;;
    verify)
      parse "$run_options" "$@"
      run_of backup.verify 'source snapshot share' 1
      ;;
    drill)
      parse "$run_options --copy=" "$@"
      words+=(${opt_copy:+"copy=$opt_copy"})
      run_of backup.drill 'source snapshot' 1
      ;;
    copy)
      parse "$run_options" "$@"
      run_of backup.copy 'copy source snapshot' 1
      ;;
    retention)
      parse "$run_options" "$@"
      run_of retention.snapshots 'source' 1
      ;;
    sweep)
      parse "$run_options --copy=" "$@"
      words_between 0 0
      connect
      run backup.sweep ${opt_copy:+"copy=$opt_copy"}
      ;;
    hold | release)
      parse '--json' "$@"
      hold_or_release
      ;;
    set-aside)
      parse "$run_options" "$@"
      run_of backup.set-aside 'source snapshot' 1
      ;;
    runs)
      parse '--json --job= --state= --trigger= --limit=' "$@"
      words_between 0 1 '[id]'
      connect
      if ((${#words[@]})); then
        one_run "${words[0]}"
      else
        ask GET "/runs$(query job "${opt_job:-}" state "${opt_state:-}" \
          trigger "${opt_trigger:-}" limit "${opt_limit:-}")"
        show '[["ENDED (UTC)", "RUN", "JOB", "STATE", ""]] + [.items[] | [(.finishedAt | when), .id,
          .job, .state, (.headline // .trigger)]]'
      fi
      ;;
    trace)
      parse '--json' "$@"
      words_between 1 1 '<id of a run>'
      connect
      ask GET "/runs/$(encoded "${words[0]}")"
      path=$(field '.trace // empty') || fail 2 "run ${words[0]} has no trace yet"
      ask GET "${path#/api}"
      # shellcheck disable=SC2016 # a jq program
      show '(.spans | map({key: .id, value: .parent}) | from_entries) as $up
        | def depth: [limit(40; recurse($up[.] // empty))] | length - 1;
        [["BEGAN (UTC)", "MS", "SPAN", "SERVICE", ""]] + [.spans[]
          | [(.startedAt | when), .micros / 1000, "  " * (.id | depth) + .operation, .service,
            (if .failed then "FAILED" else "" end)]]'
      ;;
    probes)
      parse '--json' "$@"
      words_between 0 0
      connect
      ask GET '/probes?history=1'
      show '[["PROBE", "STATE", "SINCE (UTC)", "LOOKED (UTC)", "MS", ""]] + [.items[]
        | [.name, .now.state, (.now.since | when), (.now.lookedAt | when), .now.tookMs, (.now.why // .url)]]'
      ;;
    memory)
      parse '--json' "$@"
      words_between 0 0
      connect
      ask GET /redis/memory
      # shellcheck disable=SC2016 # a jq program
      show '[["PREFIX", "KEYS", "SIZE", "NEVER EXPIRE"]]
        + [.prefixes[] | [.prefix, .keys, (.bytes | bytes), .forever]]
        + [["", "", "", ""], ["BIGGEST", "", "SIZE", ""]]
        + [.biggest[] | [.key, "", (.bytes | bytes), (if .expires then "" else "never expires" end)]]
        + [["", "", "", ""], ["SLOW", "MS", "AT (UTC)", ""]]
        + [.slow[] | [.command, .millis, (.at | when), ""]]
        + [["", "", "", ""], ["\(.usedBytes | bytes) of \(.maxBytes | bytes)\(if .limited then "" else " of the machine (no maxmemory)" end), \(.share * 1000 | round / 10) %; \(.policy); \(.evicted) keys evicted"]]
        + [.refused[] | ["refused: \(.)"]]'
      ;;
    cancel)
      parse '--json --job= --trigger= --kind= --state= --dry-run' "$@"
      words_between 0 1 '<id of a run>, or --trigger=, --job=, --kind=, --state='
      filters=${opt_job:-}${opt_trigger:-}${opt_kind:-}${opt_state:-}
      if ((${#words[@]})); then
        [[ -z $filters${opt_dry_run:-} ]] || wrong 'cancel takes the id of a run, or else filters'
        connect
        ask POST "/runs/$(encoded "${words[0]}")/cancel"
        show '[["asked \(.job) to stop; ./hub runs \(.id) tells when it has"]]'
      else
        [[ -n $filters ]] || wrong 'cancel: <id of a run>, or --trigger=, --job=, --kind=, --state='
        connect
        ask POST "/runs/cancel${opt_dry_run:+?dryRun=true}" "$(jq -cn --arg job "${opt_job:-}" \
          --arg trigger "${opt_trigger:-}" --arg kind "${opt_kind:-}" --arg state "${opt_state:-}" \
          '$ARGS.named | with_entries(select(.value != ""))')"
        show '[["\(.queued) queued and \(.running) running runs \(if .dryRun then "would be" else "were" end) asked to stop"]]'
      fi
      ;;
    snapshots)
      parse '--json --limit=' "$@"
      words_between 0 1 '[source]'
      connect
      ask GET "/snapshots$(query source "${words[0]:-}" limit "${opt_limit:-}")"
      show '[["TAKEN (UTC)", "SOURCE", "SNAPSHOT", "ROWS", "SIZE", "STORED", "RATIO", "KNOWN",
        "CHECKED (UTC)", ""]] + [.items[] | [(.takenAt | when), .source, .id, .rows,
          (.plainBytes | bytes), (.storedBytes | bytes), (.ratio | times), (.dedup | percent),
          ([.drilledAt, .readAt] | max | when),
          (if .verified == false then "BROKEN: " else "" end) + (.drillDetail // (if .kind == "sql" then "imported, not proven" else "-" end))
          + (if .intact == false then "; DAMAGED: \(.readDetail)" else "" end)
          + (.holds // {} | with_entries(select((.value.until // "9") > (now | todate)))
            | if . == {} then "" else "; held: " + (keys | join(", ")) end)]]'
      ;;
    diff)
      parse '--json' "$@"
      words_between 2 3 '<source> <snapshot> [other]'
      connect
      ask GET "/snapshots/$(encoded "${words[0]}")/$(encoded "${words[1]}")/diff/$(
        encoded "${words[2]:-latest}"
      )"
      show '[["", "", "ROWS", "SIZE", "NOT SHARED"]] + [.diff.changes[]
        | [.what + (if .contentEqual then ", definition only" else "" end), .kind + " " + .name,
          change(.rows; tostring), change(.plainBytes; size), (.after // .before | .unsharedBytes | bytes)]]
        + [[.before + " .. " + .after, "\(.diff.equal) equal, \(.diff.alike) of the same size, \(.diff.changes | length) not",
          (.diff | change(.rows; tostring)), (.diff | change(.plainBytes; size)),
          (.diff.after.unsharedBytes | bytes)]]'
      [[ -n ${opt_json:-} ]] || field '.note // empty | clean' || true
      ;;
    table)
      parse '--csv --sql' "$@"
      words_between 2 3 '<source> <schema.table> [snapshot] [--csv | --sql]'
      [[ -z ${opt_csv:-} || -z ${opt_sql:-} ]] || wrong 'table writes either --csv or --sql'
      connect
      download "/snapshots/$(encoded "${words[0]}")/$(encoded "${words[2]:-latest}")/tables/$(
        encoded "${words[1]}"
      )$(query format "${opt_sql:+sql}")"
      ;;
    cache)
      # Each with its own options: a drop that took --dry-run for granted would drop.
      case ${1:-} in
        drop)
          parse '--json' "${@:2}"
          words_between 1 2 'drop <model> [version]'
          connect
          ask POST /predictions/invalidate "$(jq -cn \
            '$ARGS.positional | {model: .[0]} + if length > 1 then {version: .[1]} else {} end' --args "${words[@]}")"
          show '[["\(.dropped) predictions dropped"]]'
          ;;
        warm)
          parse "$run_options" "${@:2}"
          run_of cache.warm 'model version inputsOf most' 2
          ;;
        *) wrong 'cache takes drop <model> [version], or warm <model> <version> [inputsOf] [most]' ;;
      esac
      ;;
    sessions)
      parse '--json' "$@"
      words_between 2 2 'revoke <user>'
      [[ ${words[0]} == revoke ]] || wrong "sessions: '${words[0]}' is not revoke"
      connect
      ask POST /sessions/revoke "$(jq -cn --arg user "${words[1]}" '{user: $user}')"
      show '[["\(.ended) sessions ended"]]'
      ;;
    dead-letters)
      parse '--json --port= --state= --since= --limit=' "$@"
      words_between 1 101 'list | show <id> | replay <id> … | edit <id> <file> | discard <id> reason=…'
      dead_letters "${words[@]}"
      ;;
    triggers)
      parse '--json' "$@"
      words_between 0 0
      connect
      ask GET /triggers
      # shellcheck disable=SC2016 # a jq program
      show '.on as $on | [["TRIGGER", "CRON", "ZONE", "NEXT (UTC)", "LAST (UTC)", ""]] + [.items[]
        | if .state == "broken"
          then [.id, .cron, .zone, "broken", null, "\(.file) line \(.line): \(.reason)"]
          else [.id, .cron, .zone,
            (if .pausedAt or $on == false then "paused" elif .state == "ended" then "ended" else .next | when end),
            (.lastFire | when), (.lastState // "") + (if .stale then ", too long ago" else "" end)] end]'
      ;;
    pause | resume)
      parse '--json' "$@"
      words_between 0 1 '[trigger]'
      connect
      path=
      if ((${#words[@]})); then
        [[ ${words[0]} == ?*/?* ]] || wrong "$verb: a trigger is called <job>/<name>"
        path=/$(encoded "${words[0]%%/*}")/$(encoded "${words[0]#*/}")
      fi
      ask POST "/triggers$path/$verb"
      if [[ -n ${opt_json:-} ]]; then
        printf '%s\n' "$answer"
      else
        printf '%s: %sd\n' "${words[0]:-all triggers}" "$verb"
      fi
      ;;
    *) wrong "'$verb' is no verb" ;;
  esac
}
