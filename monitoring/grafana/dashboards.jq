# The dashboards. Each is a list of rows, each of these a list of panels; where they lie and what
# they look like by default is said once. build.sh writes the JSON.
#
# Series of the ledger and the catalogue are the same on every replica: max, never sum. Series of
# camel_exchanges_* are asked for with eventType="route": Camel would count them a second time.

def prometheus: {type: "prometheus", uid: "prometheus"};
def jaeger: {type: "jaeger", uid: "jaeger"};
def postgres: {type: "grafana-postgresql-datasource", uid: "postgres"};

# --- queries -----------------------------------------------------------------------------------

def q($expr; $legend): {datasource: prometheus, expr: $expr, legendFormat: $legend, editorMode: "code", range: true};
def now($expr; $legend): q($expr; $legend) + {instant: true, range: false};
def traced: . + {exemplar: true};
def sql($text): {datasource: postgres, rawQuery: true, editorMode: "code", format: "table", rawSql: $text};
def sql_over_time($text): sql($text) + {format: "time_series"};

# --- panels ------------------------------------------------------------------------------------

def panel($type; $title; $unit; $width; $queries):
  {
    type: $type,
    title: $title,
    datasource: $queries[0].datasource,
    w: $width,
    h: 8,
    targets: [$queries | to_entries[] | .value + {refId: ([.key + 65] | implode)}],
    fieldConfig: {
      defaults: {unit: $unit, custom: {}, mappings: [], thresholds: {mode: "absolute", steps: [{color: "green", value: null}]}},
      overrides: []
    },
    options: {}
  };

def said($words): . + {description: $words};
def low($height): .h = $height;
def steps($list): .fieldConfig.defaults.thresholds.steps = $list;
def bad_above($value): steps([{color: "green", value: null}, {color: "red", value: $value}]);
def bad_below($value): steps([{color: "red", value: null}, {color: "green", value: $value}]);
def words($map): .fieldConfig.defaults.mappings = [{type: "value", options: ($map | map_values({text: .[0], color: .[1]}))}];
def stacked: .fieldConfig.defaults.custom += {stacking: {mode: "normal", group: "A"}, fillOpacity: 25};
def least_zero: .fieldConfig.defaults.min = 0;

def series($title; $unit; $width; $queries):
  panel("timeseries"; $title; $unit; $width; $queries)
  | .fieldConfig.defaults.custom = {drawStyle: "line", lineWidth: 1, fillOpacity: 8, showPoints: "never", spanNulls: 60000}
  | .options = {legend: {displayMode: "list", placement: "bottom", showLegend: true, calcs: []}, tooltip: {mode: "multi", sort: "desc"}};

def stat($title; $unit; $width; $queries):
  panel("stat"; $title; $unit; $width; $queries)
  | .h = 4
  | .options = {reduceOptions: {calcs: ["lastNotNull"], fields: "", values: false}, colorMode: "value", graphMode: "area", textMode: "auto"};

def bars($title; $unit; $width; $queries):
  panel("bargauge"; $title; $unit; $width; $queries)
  | .options = {reduceOptions: {calcs: ["lastNotNull"], fields: "", values: false}, orientation: "horizontal", displayMode: "basic", showUnfilled: true};

def states($title; $width; $queries):
  panel("state-timeline"; $title; "short"; $width; $queries)
  | .fieldConfig.defaults.custom = {fillOpacity: 70, lineWidth: 0}
  | .options = {mergeValues: true, showValue: "never", rowHeight: 0.8, legend: {displayMode: "list", placement: "bottom", showLegend: true, calcs: []}};

def table($title; $width; $queries):
  panel("table"; $title; "short"; $width; $queries)
  | .fieldConfig.defaults.custom = {align: "auto", filterable: true}
  | .options = {showHeader: true, cellHeight: "sm"};

def logs($title; $width; $queries):
  panel("logs"; $title; "short"; $width; $queries)
  | .h = 12
  | .options = {showTime: true, wrapLogMessage: true, sortOrder: "Descending", enableLogDetails: true, dedupStrategy: "none"};

# A column of trace ids that opens Jaeger.
def with_traces:
  .fieldConfig.overrides += [{
    matcher: {id: "byName", options: "trace"},
    properties: [{id: "links", value: [{title: "Trace", url: "", internal: {
      datasourceUid: "jaeger", datasourceName: "Jaeger", query: {query: "${__value.raw}"}}}]}]
  }];

def column($name; $unit):
  .fieldConfig.overrides += [{matcher: {id: "byName", options: $name}, properties: [{id: "unit", value: $unit}]}];

# --- where they lie ----------------------------------------------------------------------------

def laid:
  reduce .[] as $row ({y: 0, id: 1, panels: []};
    . as $at
    | ($row.panels | map(.h) | max) as $height
    | .panels += [{id: $at.id, type: "row", title: $row.title, collapsed: false, panels: [],
        gridPos: {x: 0, y: $at.y, w: 24, h: 1}}]
    | .id += 1
    | reduce $row.panels[] as $panel (. + {x: 0, y: ($at.y + 1), high: 0};
        (if .x + $panel.w > 24 then .x = 0 | .y += .high | .high = 0 else . end)
        | .panels += [($panel | del(.w, .h)) + {id: .id, gridPos: {x: .x, y: .y, w: $panel.w, h: $panel.h}}]
        | .id += 1
        | .x += $panel.w
        | .high = ([.high, $panel.h] | max))
    | .y += .high
    | del(.x, .high))
  | .panels;

def row($title; $panels): {title: $title, panels: $panels};

def choice($name; $words; $query):
  {type: "query", name: $name, label: $words, datasource: prometheus, query: {query: $query, refId: "variable"},
    refresh: 2, sort: 1, multi: true, includeAll: true, allValue: ".*", current: {text: ["All"], value: ["$__all"]}};

def dashboard($uid; $title; $about; $variables; $rows):
  {
    uid: $uid, title: $title, description: $about, tags: ["ml-security-hub"], schemaVersion: 41, version: 1,
    editable: false, graphTooltip: 1, refresh: "30s", time: {from: "now-6h", to: "now"}, timezone: "browser",
    templating: {list: $variables},
    links: [{type: "dashboards", title: "ML Security Hub", tags: ["ml-security-hub"], asDropdown: true, includeVars: false,
      keepTime: true, targetBlank: false, icon: "external link", tooltip: "", url: ""}],
    annotations: {list: [
      {name: "Alerts", enable: true, hide: false, iconColor: "red", datasource: prometheus,
        expr: "ALERTS{alertstate=\"firing\", severity=\"critical\"}", titleFormat: "{{alertname}}", step: "60s"}]},
    panels: ($rows | laid)
  };

def up_words: words({"0": ["down", "red"], "1": ["up", "green"]});

# --- the dashboards ----------------------------------------------------------------------------

dashboard("platform"; "Platform overview"; "Is the platform well, how busy is it, and how good are its models?"; [];
  [
    row("System health"; [
      (stat("Services up"; "short"; 4; [now("sum(up{job=\"services\"})"; "up")]) | bad_below(8)
        | said("Of the eight services that Prometheus knows.")),
      (stat("Alerts firing"; "short"; 4; [now("count(ALERTS{alertstate=\"firing\", severity!=\"none\"}) or vector(0)"; "firing")]) | bad_above(1)),
      (stat("Hubs"; "short"; 4; [now("sum(up{job=\"hub\"})"; "up")]) | bad_below(1)),
      (stat("Oldest backup"; "s"; 4; [now("max(hub_backup_age_seconds)"; "age")]) | bad_above(93600)),
      (stat("Memory in use"; "percentunit"; 4; [now("1 - sum(node_memory_MemAvailable_bytes) / sum(node_memory_MemTotal_bytes)"; "used")]) | bad_above(0.9)),
      (stat("Fullest disk"; "percentunit"; 4; [now("1 - min(node_filesystem_avail_bytes{fstype!~\"tmpfs|ramfs|overlay|squashfs\"} / node_filesystem_size_bytes)"; "used")]) | bad_above(0.9)),
      (states("Who answered"; 12; [q("max by (job) (up{job!=\"services\"})"; "{{job}}"), q("max by (service) (up{job=\"services\"})"; "{{service}}")]) | up_words),
      (table("Alerts"; 12; [now("ALERTS{alertstate=\"firing\", severity!=\"none\"}"; "")
        + {format: "table"}]))
    ]),
    row("Requests"; [
      (series("Request rate"; "reqps"; 8; [q("sum by (service) (rate(http_requests_total{job=\"services\"}[$__rate_interval]))"; "{{service}}")]) | stacked),
      (series("Requests that fail"; "percentunit"; 8; [q("(sum by (service) (rate(http_requests_total{job=\"services\", status=~\"5..\"}[$__rate_interval])) or 0 * sum by (service) (rate(http_requests_total{job=\"services\"}[$__rate_interval]))) / sum by (service) (rate(http_requests_total{job=\"services\"}[$__rate_interval]))"; "{{service}}")]) | least_zero),
      (series("95 % are faster than"; "s"; 8; [q("histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket{job=\"services\"}[$__rate_interval])))"; "{{service}}") | traced]) | least_zero),
      series("Open connections"; "short"; 8; [q("sum by (service) (active_connections{job=\"services\"})"; "{{service}}")]),
      series("The hub's API"; "reqps"; 8; [q("sum by (outcome) (rate(http_server_requests_seconds_count{job=\"hub\"}[$__rate_interval]))"; "{{outcome}}")]),
      series("Processor"; "percentunit"; 8; [q("1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[$__rate_interval]))"; "{{instance}}")])
    ]),
    row("Model performance"; [
      (series("Accuracy"; "percentunit"; 8; [q("max by (model_name) (model_accuracy)"; "{{model_name}}")])),
      series("Predictions"; "ops"; 8; [q("sum by (model_name, status) (rate(model_predictions_total[$__rate_interval]))"; "{{model_name}} {{status}}")]),
      series("Share of attacks found"; "percentunit"; 8; [q("max(detection_rate)"; "detection rate")]),
      (series("Attacks found"; "ops"; 8; [q("sum by (attack_type, severity) (rate(attacks_detected_total[$__rate_interval]))"; "{{attack_type}} {{severity}}")]) | stacked),
      series("Models"; "short"; 8; [q("max(active_models)"; "loaded"), q("sum by (service) (increase(model_load_failures_total[$__rate_interval]))"; "failed to load: {{service}}")]),
      series("Loading a model, 95 % are faster than"; "s"; 8; [q("histogram_quantile(0.95, sum by (model_name, le) (rate(model_load_duration_seconds_bucket[$__rate_interval])))"; "{{model_name}}")]),
      series("Training"; "short"; 8; [q("sum by (status) (increase(training_jobs_total[1h]))"; "{{status}} in an hour")]),
      (series("Recall and precision, by window"; "percentunit"; 16; [sql_over_time("SELECT measured_at AS time, model_name || ' ' || model_version AS metric,\n  round(true_positives / nullif(true_positives + false_negatives, 0)::numeric, 4)::float8 AS recall,\n  round(true_positives / nullif(true_positives + false_positives, 0)::numeric, 4)::float8 AS precision\nFROM analytics.model_performance\nWHERE $__timeFilter(measured_at) AND environment = 'production'\nORDER BY measured_at\nLIMIT 5000")])
        | said("From analytics.model_performance, production only."))
    ])
  ]),

dashboard("jobs"; "Jobs"; "Triggers, runs and what they said.";
  [choice("job"; "Job"; "label_values(hub_job_runs_total, job_id)")];
  [
    row("Now"; [
      (stat("Running"; "short"; 4; [now("sum(hub_job_running)"; "runs")])),
      (stat("Longest wait"; "s"; 4; [now("max(hub_job_wait_seconds)"; "wait")]) | bad_above(900)),
      (stat("Without a hub"; "short"; 4; [now("sum(max by (job_id) (hub_job_stuck))"; "stuck")]) | bad_above(1)),
      (stat("Failed in a day"; "short"; 4; [now("sum(increase(hub_job_runs_total{state=\"failed\"}[1d]))"; "failed")]) | bad_above(1)),
      (stat("Of its time-out used"; "percentunit"; 4; [now("max(hub_job_timeout_ratio)"; "used")]) | bad_above(0.8)),
      (stat("Error budget in a day"; "percentunit"; 4; [now("hub:runs:error_ratio_rate1d"; "failed")]) | bad_above(0.01))
    ]),
    row("Runs"; [
      (series("Attempts by how they ended"; "short"; 12; [q("sum by (job_id, state) (increase(hub_job_runs_total{job_id=~\"$job\"}[$__rate_interval]))"; "{{job_id}} {{state}}")]) | stacked
        | said("Work that left a dead letter has failed here; Camel counts it as succeeded.")),
      (series("95 % of attempts are faster than"; "s"; 12; [q("histogram_quantile(0.95, sum by (job_id, le) (rate(hub_job_duration_seconds_bucket{job_id=~\"$job\"}[$__rate_interval])))"; "{{job_id}}") | traced])),
      series("Running"; "short"; 12; [q("sum by (job_id) (hub_job_running{job_id=~\"$job\"})"; "{{job_id}}")]),
      series("Oldest run that has not ended"; "s"; 12; [q("max by (job_id) (hub_job_oldest_seconds{job_id=~\"$job\"})"; "{{job_id}}")])
    ]),
    row("Triggers"; [
      (bars("Age of the last success, as a share of what is allowed"; "percentunit"; 12; [now("max by (trigger) (hub_trigger_success_age_seconds / hub_trigger_max_age_seconds)"; "{{trigger}}")]) | bad_above(1)),
      (bars("Failures in a row"; "short"; 6; [now("max by (trigger) (hub_trigger_failures)"; "{{trigger}}")]) | bad_above(3)),
      (bars("Missed in a day"; "short"; 6; [now("sum by (trigger) (increase(hub_trigger_missed_total[1d]))"; "{{trigger}}")]) | bad_above(1)),
      (states("Paused"; 12; [q("max by (trigger) (hub_trigger_paused)"; "{{trigger}}")]) | words({"0": ["runs", "green"], "1": ["paused", "orange"]})),
      (states("Never ran though due"; 12; [q("max by (trigger) (hub_trigger_never_ran)"; "{{trigger}}")]) | words({"0": ["ran", "green"], "1": ["never ran", "red"]}))
    ]),
    row("From the ledger"; [
      (table("Last runs"; 24; [sql("SELECT coalesce(finished_at, started_at, queued_at) AS time, job, state, attempt,\n  extract(epoch FROM finished_at - started_at) AS seconds,\n  coalesce(headline, error ->> 'detail') AS said, trigger_id AS trigger, requested_by AS \"asked by\",\n  trace_id AS trace, id::text AS run\nFROM hub.job_run\nWHERE $__timeFilter(queued_at)\nORDER BY queued_at DESC\nLIMIT 200")])
        | low(10) | with_traces | column("seconds"; "s")),
      (logs("Logs of runs"; 24; [sql("SELECT l.at AS time, l.level AS level,\n  r.job || ' ' || left(l.run_id::text, 8) || ' #' || l.attempt || ': ' || l.message AS message\nFROM hub.run_log l JOIN hub.job_run r ON r.id = l.run_id\nWHERE $__timeFilter(l.at)\nORDER BY l.seq DESC\nLIMIT 1000")]))
    ])
  ]),

dashboard("routes"; "Routes"; "What Camel's routes and the API do, one by one.";
  [choice("route"; "Route"; "label_values(camel_exchanges_total{eventType=\"route\"}, routeId)")];
  [
    row("Exchanges"; [
      series("Through each route"; "ops"; 12; [q("sum by (routeId) (rate(camel_exchanges_total{eventType=\"route\", routeId=~\"$route\"}[$__rate_interval]))"; "{{routeId}}")]),
      series("Failed"; "ops"; 12; [q("sum by (routeId) (rate(camel_exchanges_failed_total{eventType=\"route\", routeId=~\"$route\"}[$__rate_interval]))"; "{{routeId}}"), q("sum by (port) (rate(hub_dead_letters_total[$__rate_interval]))"; "dead letters of {{port}}")]),
      series("In flight"; "short"; 12; [q("sum by (route_id) (hub_route_inflight{route_id=~\"$route\"})"; "{{route_id}}")]),
      (series("Mean time"; "s"; 12; [q("sum by (routeId) (rate(camel_route_policy_seconds_sum{routeId=~\"$route\"}[$__rate_interval])) / sum by (routeId) (rate(camel_route_policy_seconds_count{routeId=~\"$route\"}[$__rate_interval]))"; "{{routeId}}") | traced])),
      series("Slowest of late"; "s"; 12; [q("max by (routeId) (camel_route_policy_seconds_max{routeId=~\"$route\"})"; "{{routeId}}")]),
      (states("Routes that stopped"; 12; [q("min by (route_id) (hub_route_started) == 0"; "{{route_id}}")]) | words({"0": ["stopped", "red"]}))
    ]),
    row("The API"; [
      series("Requests"; "reqps"; 8; [q("sum by (uri) (rate(http_server_requests_seconds_count{job=\"hub\"}[$__rate_interval]))"; "{{uri}}")]),
      series("Answers by status"; "reqps"; 8; [q("sum by (status) (rate(http_server_requests_seconds_count{job=\"hub\"}[$__rate_interval]))"; "{{status}}")]),
      (series("Mean time"; "s"; 8; [q("sum by (uri) (rate(http_server_requests_seconds_sum{job=\"hub\"}[$__rate_interval])) / sum by (uri) (rate(http_server_requests_seconds_count{job=\"hub\"}[$__rate_interval]))"; "{{uri}}") | traced])),
      (series("Failed for the hub's own reasons"; "percentunit"; 12; [q("hub:requests:error_ratio_rate1h"; "in an hour"), q("hub:requests:error_ratio_rate1d"; "in a day")])
        | said("0.5 % may: the error budget.")),
      series("Threads"; "short"; 12; [q("sum by (name) (executor_active_threads)"; "busy: {{name}}"), q("sum by (name) (executor_queued_tasks)"; "waiting: {{name}}")])
    ]),
    row("The hub's process"; [
      series("Heap after collection"; "percentunit"; 8; [q("max by (instance) (jvm_memory_usage_after_gc{job=\"hub\"})"; "{{instance}}")]),
      series("Pauses of the collector"; "s"; 8; [q("sum by (instance) (rate(jvm_gc_pause_seconds_sum{job=\"hub\"}[$__rate_interval]))"; "{{instance}}")]),
      series("Processor"; "percentunit"; 8; [q("max by (instance) (process_cpu_usage{job=\"hub\"})"; "{{instance}}")]),
      series("Lines logged"; "short"; 24; [q("sum by (level) (increase(logback_events_total{level=~\"warn|error\"}[$__rate_interval]))"; "{{level}}")])
    ])
  ]),

dashboard("backups"; "Backups and drills"; "How much a loss would cost now, and what proves that it could be made good.";
  [choice("source"; "Source"; "label_values(hub_backup_age_seconds, source)")];
  [
    row("Could we restore?"; [
      (bars("Age of the newest backup"; "s"; 8; [now("max by (source) (hub_backup_age_seconds{source=~\"$source\"})"; "{{source}}")]) | bad_above(93600)
        | said("What a loss now would cost (RPO).")),
      (bars("Since one was proven by a restore"; "s"; 8; [now("max by (source) (hub_backup_proven_age_seconds{source=~\"$source\"})"; "{{source}}")]) | bad_above(180000)),
      (bars("What the last drill took"; "s"; 8; [now("max by (source) (hub_backup_rto_seconds{source=~\"$source\"})"; "{{source}}")])
        | said("How long a restore would take (RTO).")),
      (states("Backups"; 12; [q("min by (source) (hub_backup_last_outcome{source=~\"$source\"})"; "{{source}}")]) | words({"0": ["failed", "red"], "1": ["succeeded", "green"]})),
      (states("Drills"; 12; [q("min by (source) (hub_backup_drill_last_outcome{source=~\"$source\"})"; "{{source}}")]) | words({"0": ["failed", "red"], "1": ["all equal", "green"]}))
    ]),
    row("Is it whole?"; [
      (stat("Damaged chunks"; "short"; 6; [now("sum(max by (source) (hub_backup_damaged_chunks))"; "chunks")]) | bad_above(1)),
      (stat("Damaged snapshots"; "short"; 6; [now("sum(max by (source) (hub_backup_damaged_snapshots))"; "snapshots")]) | bad_above(1)),
      (stat("Snapshots that lack chunks"; "short"; 6; [now("max(hub_sweep_incomplete)"; "snapshots")]) | bad_above(1)),
      (stat("Since every byte was read"; "s"; 6; [now("time() - min(max by (source) (hub_backup_read_timestamp_seconds))"; "oldest")]))
    ]),
    row("Sizes"; [
      series("Before compression"; "bytes"; 8; [q("max by (source) (hub_backup_plain_bytes{source=~\"$source\"})"; "{{source}}")]),
      series("Stored, and of it sent by the newest"; "bytes"; 8; [q("max by (source) (hub_backup_stored_bytes{source=~\"$source\"})"; "{{source}} stored"), q("max by (source) (hub_backup_new_bytes{source=~\"$source\"})"; "{{source}} sent")]),
      series("Rows"; "short"; 8; [q("max by (source) (hub_backup_rows{source=~\"$source\"})"; "{{source}}")]),
      series("Times smaller"; "short"; 8; [q("max by (source) (hub_backup_size_ratio{source=~\"$source\"})"; "{{source}}")]),
      series("Space that sweeps give back"; "bytes"; 8; [q("max(hub_sweep_marked_bytes)"; "waits"), q("sum(increase(hub_sweep_freed_bytes_total[$__rate_interval]))"; "freed")]),
      series("Removed"; "short"; 8; [q("sum by (source) (increase(hub_retention_removed_total[$__rate_interval]))"; "snapshots of {{source}}"), q("sum(increase(hub_sweep_chunks_total[$__rate_interval]))"; "chunks")])
    ]),
    row("Retention, here and in the copies"; [
      (states("Refused"; 12; [q("max by (source) (hub_retention_refused)"; "{{source}}"), q("max by (copy, source) (hub_copy_retention_refused)"; "{{copy}}: {{source}}")]) | words({"0": ["as planned", "green"], "1": ["refused", "orange"]})),
      series("Copies"; "short"; 12; [q("max by (copy) (hub_copy_sweep_incomplete)"; "{{copy}}: snapshots that lack chunks"), q("sum by (copy) (increase(hub_copy_retention_removed_total[$__rate_interval]))"; "{{copy}}: removed")])
    ]),
    row("From the catalogue"; [
      (table("Snapshots"; 24; [sql("SELECT taken_at AS time, source, id AS snapshot, kind, row_count AS rows, plain_bytes AS plain,\n  stored_bytes AS stored, new_bytes AS sent, verified, coalesce(drill_detail, '') AS drill,\n  drilled_at AS drilled, intact, read_at AS read, rto_ms / 1000.0 AS rto,\n  (SELECT count(*) FROM hub.damaged_chunk d WHERE d.source = s.source AND d.snapshot = s.id) AS damaged\nFROM hub.snapshot s\nWHERE published\nORDER BY taken_at DESC\nLIMIT 200")])
        | low(12) | column("plain"; "bytes") | column("stored"; "bytes") | column("sent"; "bytes") | column("rto"; "s"))
    ])
  ]),

dashboard("flows"; "Data flows"; "What goes in and out: events, streams, notifications, objects, cached predictions."; [];
  [
    row("Events"; [
      (stat("Waiting"; "short"; 6; [now("max(hub_outbox_waiting)"; "events")]) | bad_above(1000)),
      (stat("Lag"; "s"; 6; [now("max(hub_outbox_lag_seconds)"; "oldest")]) | bad_above(60)),
      (stat("Dead letters"; "short"; 6; [now("sum(max by (port) (hub_dead_letters_waiting)) or vector(0)"; "waiting")]) | bad_above(1)),
      (stat("Streams open"; "short"; 6; [now("sum(hub_streams_open)"; "clients")])),
      series("Outbox"; "short"; 8; [q("max(hub_outbox_waiting)"; "waiting")]),
      series("Lag"; "s"; 8; [q("max(hub_outbox_lag_seconds)"; "oldest")]),
      series("Dead letters"; "short"; 8; [q("max by (port) (hub_dead_letters_waiting)"; "{{port}}")]),
      (table("Events of the time above"; 12; [sql("SELECT channel, type, count(*) AS events, count(*) FILTER (WHERE relayed_at IS NULL) AS waiting,\n  max(created_at) AS last\nFROM hub.outbox\nWHERE $__timeFilter(created_at)\nGROUP BY channel, type\nORDER BY events DESC")])),
      (table("Dead letters, not replayed"; 12; [sql("SELECT created_at AS time, port, media_type AS \"media type\", failures, id::text AS id\nFROM hub.dead_letter\nWHERE replayed_at IS NULL\nORDER BY created_at DESC\nLIMIT 200")]))
    ]),
    row("Notifications"; [
      (stat("To be told"; "short"; 6; [now("sum(max by (target) (hub_delivery_waiting)) or vector(0)"; "events")]) | bad_above(1000)),
      (stat("Oldest of them"; "s"; 6; [now("max(hub_delivery_lag_seconds)"; "oldest")]) | bad_above(900)),
      (stat("Told in a day"; "short"; 6; [now("sum(increase(hub_deliveries_total{outcome=~\"delivered|merged\"}[1d]))"; "events")])),
      (stat("Undelivered, not replayed"; "short"; 6; [now("max(hub_dead_letters_waiting{port=\"notify.deliver\"}) or vector(0)"; "dead letters")]) | bad_above(1)),
      (series("Attempts"; "ops"; 12; [q("sum by (target, outcome) (rate(hub_delivery_attempts_total[$__rate_interval]))"; "{{target}} {{outcome}}")]) | stacked
        | said("One message each. Lost: another hub had taken it over meanwhile.")),
      (series("Events that a target was told of, or never will be"; "ops"; 12; [q("sum by (target, outcome) (rate(hub_deliveries_total[$__rate_interval]))"; "{{target}} {{outcome}}")]) | stacked
        | said("Merged: told within the message of another. Dead: it is a dead letter now.")),
      (series("To be told"; "short"; 12; [q("max by (target) (hub_delivery_waiting)"; "{{target}}")]) | least_zero),
      (series("Oldest event to be told"; "s"; 12; [q("max by (target) (hub_delivery_lag_seconds)"; "{{target}}")]) | least_zero)
    ]),
    row("Objects"; [
      series("Into and out of the S3 store"; "Bps"; 12; [q("sum(rate(minio_s3_traffic_received_bytes[$__rate_interval]))"; "in"), q("sum(rate(minio_s3_traffic_sent_bytes[$__rate_interval]))"; "out")]),
      series("Requests to it"; "reqps"; 12; [q("sum by (api) (rate(minio_s3_requests_total[$__rate_interval]))"; "{{api}}"), q("sum by (api) (rate(minio_s3_requests_errors_total[$__rate_interval]))"; "failed: {{api}}")])
    ]),
    row("Cache"; [
      series("Hits"; "percentunit"; 8; [q("sum(rate(redis_keyspace_hits_total[$__rate_interval])) / (sum(rate(redis_keyspace_hits_total[$__rate_interval])) + sum(rate(redis_keyspace_misses_total[$__rate_interval])))"; "of reads")]),
      series("Commands"; "ops"; 8; [q("sum(rate(redis_commands_processed_total[$__rate_interval]))"; "a second")]),
      series("Keys that went"; "ops"; 8; [q("sum(rate(redis_evicted_keys_total[$__rate_interval]))"; "for want of memory"), q("sum(rate(redis_expired_keys_total[$__rate_interval]))"; "in time")])
    ]),
    row("Traces"; [
      series("Spans at Jaeger"; "ops"; 24; [q("sum(rate(otelcol_receiver_accepted_spans_total[$__rate_interval]))"; "taken"), q("sum(rate(otelcol_receiver_refused_spans_total[$__rate_interval]))"; "refused"), q("sum(rate(otelcol_exporter_send_failed_spans_total[$__rate_interval]))"; "lost")])
    ])
  ]),

dashboard("stores"; "Stores"; "PostgreSQL, Redis, the S3 store, MLflow and the disks below them."; [];
  [
    row("Are they there?"; [
      (states("As the hub finds them"; 12; [q("min by (store) (hub_store_up)"; "{{store}}")]) | up_words),
      (states("As Prometheus finds them"; 12; [q("min(pg_up)"; "PostgreSQL"), q("min(redis_up)"; "Redis"), q("min(up{job=\"minio\"})"; "S3"), q("min(up{job=\"mlflow\"})"; "MLflow"), q("min(up{job=\"jaeger\"})"; "Jaeger")]) | up_words)
    ]),
    row("PostgreSQL"; [
      (series("Sessions"; "short"; 8; [q("sum by (state) (pg_stat_activity_count)"; "{{state}}"), q("max(pg_settings_max_connections)"; "at most")])),
      series("The hub's pool"; "short"; 8; [q("sum by (instance) (hikaricp_connections_active{job=\"hub\"})"; "in use {{instance}}"), q("sum by (instance) (hikaricp_connections_pending{job=\"hub\"})"; "waiting {{instance}}"), q("sum by (instance) (hikaricp_connections_max{job=\"hub\"})"; "at most {{instance}}")]),
      series("Sizes"; "bytes"; 8; [q("max by (datname) (pg_database_size_bytes)"; "{{datname}}")]),
      series("Transactions"; "ops"; 8; [q("sum by (datname) (rate(pg_stat_database_xact_commit[$__rate_interval]))"; "{{datname}}"), q("sum by (datname) (rate(pg_stat_database_xact_rollback[$__rate_interval]))"; "rolled back {{datname}}")]),
      series("Read from memory"; "percentunit"; 8; [q("sum by (datname) (rate(pg_stat_database_blks_hit[$__rate_interval])) / (sum by (datname) (rate(pg_stat_database_blks_hit[$__rate_interval])) + sum by (datname) (rate(pg_stat_database_blks_read[$__rate_interval])))"; "{{datname}}")]),
      series("Deadlocks"; "short"; 8; [q("sum by (datname) (increase(pg_stat_database_deadlocks[$__rate_interval]))"; "{{datname}}")])
    ]),
    row("Redis"; [
      series("Memory"; "bytes"; 8; [q("max(redis_memory_used_bytes)"; "in use"), q("max(redis_memory_max_bytes)"; "at most")]),
      series("Clients"; "short"; 8; [q("max(redis_connected_clients)"; "connected"), q("max(redis_blocked_clients)"; "blocked")]),
      series("Keys"; "short"; 8; [q("sum by (db) (redis_db_keys)"; "{{db}}")])
    ]),
    row("S3"; [
      (series("Space"; "bytes"; 8; [q("max(minio_cluster_capacity_usable_free_bytes)"; "free"), q("max(minio_cluster_capacity_usable_total_bytes)"; "in all")])),
      series("Requests without a valid signature"; "reqps"; 8; [q("sum(rate(minio_s3_requests_rejected_auth_total[$__rate_interval]))"; "refused")]),
      (states("Drives"; 8; [q("max(minio_cluster_drive_offline_total)"; "offline")]) | words({"0": ["all there", "green"]}))
    ]),
    row("Disks and the machine"; [
      (bars("Disks"; "percentunit"; 8; [now("1 - node_filesystem_avail_bytes{fstype!~\"tmpfs|ramfs|overlay|squashfs\"} / node_filesystem_size_bytes"; "{{mountpoint}}")]) | bad_above(0.9)),
      series("Free for the hub"; "bytes"; 8; [q("min by (folder) (hub_disk_free_bytes)"; "{{folder}}"), q("max by (folder) (hub_disk_size_bytes)"; "{{folder}} in all")]),
      series("Memory"; "bytes"; 8; [q("sum(node_memory_MemAvailable_bytes)"; "available"), q("sum(node_memory_MemTotal_bytes)"; "in all")])
    ])
  ])
