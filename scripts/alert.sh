# shellcheck shell=bash
# ./hub alert test: sends an alert to Alertmanager and tells whom it goes to.

alertmanager_wants='monitoring/alertmanager/render.sh says what it wants'

# Else the one of ./hub real, when it runs here.
find_alertmanager() {
  local port=9093
  if [[ -z ${HUB_ALERTMANAGER:-} && -f ${HUB_REAL_HOME:-.hub/real}/run/alertmanager.pid ]]; then
    source scripts/real/common.sh
    source scripts/real/processes.sh
    source scripts/real/health.sh
    if pid_of alertmanager >/dev/null; then
      port=$(port_of alertmanager)
      alertmanager_wants="$(receivers_folder) is where its secrets go, ./hub real up takes them"
    fi
  fi
  alertmanager_url=${HUB_ALERTMANAGER:-http://127.0.0.1:$port}
  alertmanager_url=${alertmanager_url%/}
}

# Asks Alertmanager. Sets status and answer, as api does.
alertmanager() { # method, path, [body]
  local reply code=0
  reply=$(curl --disable --silent --noproxy '127.0.0.1,localhost,::1' --connect-timeout 5 \
    --max-time 15 --request "$1" ${3+--data-raw "$3"} --header 'Content-Type: application/json' \
    --write-out '\n%{http_code}' -- "$alertmanager_url/api/v2$2") || code=$?
  status=${reply##*$'\n'}
  answer=${reply%$'\n'*}
  ((code == 0)) || fail 3 "no Alertmanager answers at $alertmanager_url; HUB_ALERTMANAGER names another"
  [[ $status == 2?? ]] || fail 1 "Alertmanager answered $status: $(jq -r 'tostring' <<<"$answer" 2>/dev/null || printf %s "$answer")"
}

alert_test() { # severity
  local body receivers configuration line name='' to=0 rows=''
  # Alertmanager sends one of the same source again after hours only: each test is of its own.
  body=$(jq -cn --arg severity "$1" --arg host "$(uname -n)" --arg at "$(date -u +%FT%TZ)" '[{
    labels: {alertname: "HubAlertTest", severity: $severity, instance: $host, source: "test of \($at)"},
    annotations: {summary: "A test: this alert means nothing",
      description: "Somebody typed ./hub alert test. It ends by itself within minutes.",
      runbook_url: "monitoring/RUNBOOK.md#alerting-itself"}}]')
  alertmanager POST /alerts "$body"
  alertmanager GET '/alerts?filter=alertname%3D%22HubAlertTest%22'
  receivers=$(jq -r --arg severity "$1" \
    '[.[] | select(.labels.severity == $severity) | .receivers[].name] | unique | .[]' <<<"$answer")
  [[ -n $receivers ]] || fail 1 'Alertmanager took the alert and shows it nowhere: it may be silenced'
  alertmanager GET /status
  configuration=$(jq -r .config.original <<<"$answer")
  # Which ways a receiver has is said nowhere but in its part of the configuration.
  while IFS= read -r line; do
    if [[ $line =~ ^[[:space:]]*-\ name:\ [\"\']?([^\"\']+) ]]; then
      name=${BASH_REMATCH[1]}
    elif [[ $line =~ ^\ +([a-z]+)_configs:\ *$ ]] && grep -qxF -- "$name" <<<"$receivers"; then
      rows+="$name"$'\t'"${BASH_REMATCH[1]}"$'\n'
      to=$((to + 1))
    fi
  done < <(sed -n '/^receivers:/,$p' <<<"$configuration")
  if [[ -n ${opt_json:-} ]]; then
    jq -Rnc --arg severity "$1" '{severity: $severity,
      to: [inputs | select(. != "") | split("\t") | {receiver: .[0], by: .[1]}]}' <<<"$rows"
  elif ((to)); then
    printf 'a test alert (%s) goes to\n' "$1"
    while IFS=$'\t' read -r name line; do
      [[ -z $name ]] || printf '  %-10s by %s\n' "$name" "$line"
    done <<<"$rows"
    printf 'it is sent within half a minute; one that does not come is in the log of Alertmanager\n'
  fi
  ((to)) || fail 1 "it reaches nobody: receiver ${receivers//$'\n'/, } is not filled in; $alertmanager_wants"
}

alert() { # arguments of the verb
  parse '--json --severity=' "$@"
  words_between 1 1 'test [--severity=critical|warning|info]'
  [[ ${words[0]} == test ]] || wrong "alert: '${words[0]}' is none of: test"
  [[ ${opt_severity:-critical} =~ ^(critical|warning|info|none)$ ]] ||
    wrong "alert: --severity is '$opt_severity' but must be critical, warning or info"
  need jq curl
  find_alertmanager
  alert_test "${opt_severity:-critical}"
}
