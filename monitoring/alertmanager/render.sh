#!/bin/sh
# Writes Alertmanager's configuration to standard output: who hears of what, with the receivers that
# are filled in. A receiver whose secret is missing or empty is left out and told on standard error,
# so that Alertmanager always starts. No secret is read but for whether it is there: the
# configuration names its file.
#
#   render.sh <folder of secrets> [the same folder as Alertmanager sees it]
#
# secrets (one a file)                    settings (environment)
#   slack-url      Slack's webhook          HUB_ALERT_SLACK_CHANNEL  #alerts
#   smtp-password  of the mail server       HUB_ALERT_MAIL_TO, HUB_ALERT_MAIL_FROM, HUB_ALERT_SMTP
#                                           (host:port), HUB_ALERT_SMTP_USER (the sender)
#   webhook-url    any other program
#   watchdog-url   a dead man's switch, which alarms when nothing comes for some minutes
set -eu

[ $# -ge 1 ] && [ -d "$1" ] || { echo "usage: render.sh <folder of secrets> [as seen by Alertmanager]" >&2; exit 2; }
{ [ -r "$1" ] && [ -x "$1" ]; } || { echo "alertmanager: cannot read the folder $1: no receiver would be known" >&2; exit 2; }
here=$1
there=${2:-$1}

# One that is there and cannot be read keeps its receiver: Alertmanager then counts each message as failed.
filled() {
  [ -s "$here/$1" ] || return
  [ -r "$here/$1" ] || echo "alertmanager: cannot read $here/$1: its messages will fail" >&2
}
quoted() { # a YAML string in single quotes
  printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"
}

slack='' mail='' webhook='' watchdog=''
if filled slack-url; then slack=yes; else echo "alertmanager: no Slack: $here/slack-url is not filled in" >&2; fi
if filled smtp-password && [ -n "${HUB_ALERT_MAIL_TO:-}" ] && [ -n "${HUB_ALERT_SMTP:-}" ]; then
  mail=yes
else
  echo "alertmanager: no mail: it wants $here/smtp-password, HUB_ALERT_MAIL_TO and HUB_ALERT_SMTP" >&2
fi
if filled webhook-url; then webhook=yes; else echo "alertmanager: no webhook: $here/webhook-url is not filled in" >&2; fi
if filled watchdog-url; then watchdog=yes; else echo "alertmanager: no dead man's switch: $here/watchdog-url is not filled in" >&2; fi

to_slack() {
  [ -n "$slack" ] || return 0
  cat <<END
    slack_configs:
      - api_url_file: $(quoted "$there/slack-url")
        channel: $(quoted "${HUB_ALERT_SLACK_CHANNEL:-#alerts}")
        send_resolved: true
        title: '[{{ .Status | toUpper }}] {{ .CommonAnnotations.summary }}{{ if not .CommonAnnotations.summary }}{{ .GroupLabels.alertname }} ({{ len .Alerts }}){{ end }}'
        text: '{{ range .Alerts }}{{ .Annotations.description }} See {{ .Annotations.runbook_url }}
          {{ end }}'
END
}

to_mail() {
  [ -n "$mail" ] || return 0
  cat <<END
    email_configs:
      - to: $(quoted "$HUB_ALERT_MAIL_TO")
        send_resolved: true
END
}

to_webhook() {
  [ -n "$webhook" ] || return 0
  cat <<END
    webhook_configs:
      - url_file: $(quoted "$there/webhook-url")
        send_resolved: true
END
}

echo '# Made by monitoring/alertmanager/render.sh; change that, not this.'
echo 'global:'
echo '  resolve_timeout: 5m'
if [ -n "$mail" ]; then
  cat <<END
  smtp_smarthost: $(quoted "$HUB_ALERT_SMTP")
  smtp_from: $(quoted "${HUB_ALERT_MAIL_FROM:-$HUB_ALERT_MAIL_TO}")
  smtp_auth_username: $(quoted "${HUB_ALERT_SMTP_USER:-${HUB_ALERT_MAIL_FROM:-$HUB_ALERT_MAIL_TO}}")
  smtp_auth_password_file: $(quoted "$there/smtp-password")
  smtp_require_tls: true
END
fi
cat <<'END'

route:
  receiver: warning
  # What one cause sets off comes in one message.
  group_by: [alertname, severity, store, source]
  group_wait: 15s
  group_interval: 5m
  repeat_interval: 12h
  routes:
    - matchers: [alertname="Watchdog"]
      receiver: watchdog
      group_wait: 0s
      group_interval: 1m
      repeat_interval: 1m
    - matchers: [severity="critical"]
      receiver: critical
      repeat_interval: 1h
    - matchers: [severity="info"]
      receiver: info
      repeat_interval: 3d

inhibit_rules:
  # A hub that is down says nothing else that is new.
  - source_matchers: [alertname="HubDown"]
    target_matchers: [alertname=~"HubRestarts|ExchangeStuck|PoolExhausted|HubHeapFull|HubDiskFull"]
    equal: [instance]
  - source_matchers: [alertname=~"HubDown|HubAbsent"]
    target_matchers: [alertname=~"RouteStopped|DeadLetters|OutboxLag|Trigger.*|Run.*|Request.*|RetentionRefused", severity!="critical"]
  # Without its ledger the hub can do nothing else; whoever heals PostgreSQL heals these.
  - source_matchers: [alertname="PostgresDown"]
    target_matchers: [alertname=~"PoolExhausted|RouteStopped|OutboxLag|TriggerMissed|TriggerFailing|RunStuck|RunWaits|RunErrorsBurn|Request.*"]
  - source_matchers: [alertname="RequestErrorsBurnFast"]
    target_matchers: [alertname="RequestErrorsBurnSlowly"]
  # The store's own alert says more than that its exporter is away.
  - source_matchers: [alertname="PostgresDown"]
    target_matchers: [alertname="ExporterDown", job="postgres"]
  - source_matchers: [alertname="RedisDown"]
    target_matchers: [alertname="ExporterDown", job="redis"]
  - source_matchers: [alertname="RedisDown"]
    target_matchers: [alertname="HubRedisShut"]

receivers:
END
echo '  - name: critical'
to_slack; to_mail; to_webhook
echo '  - name: warning'
if [ -n "$slack$mail" ]; then to_slack; to_mail; else to_webhook; fi
echo '  - name: info'
if [ -n "$slack" ]; then to_slack; else to_mail; fi
echo '  - name: watchdog'
if [ -n "$watchdog" ]; then
  cat <<END
    webhook_configs:
      - url_file: $(quoted "$there/watchdog-url")
        send_resolved: false
END
fi
