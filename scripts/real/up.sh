# shellcheck shell=bash
# Starts what is installed and not running, in the order in which they need each other.

real_up() {
  local name s3
  words_between_none "$@"
  [[ -r /proc/self/stat ]] || fail 2 'the real servers run on Linux'
  need jq curl
  umask 077
  mkdir -p -- "$real_home"/{data,etc,hub,log,run,secrets,state,work}
  exec 8>"$real_home/lock"
  flock --nonblock 8 || fail 1 "another ./hub real is at work in $real_home"
  choose_ports
  rm -f -- "$real_home"/run/*.why
  s3=$(s3_server)
  ! is_there "$s3" || printf '%s\n' "$s3" >"$real_home/s3"
  up_with postgres roles_and_schemas &
  up_with redis &
  ! minio_is_there || up_with minio buckets_and_keys_on_minio &
  up_with versitygw buckets_and_keys_on_versitygw &
  up_with jaeger &
  up_with node-exporter &
  wait
  settings_of_the_hub
  up_after postgres mlflow "$s3" &
  up_after postgres postgres-exporter &
  up_after redis redis-exporter &
  up_with alertmanager receivers_of_alertmanager &
  up_with prometheus &
  wait
  exec 8>&-
  real_status || true
  for name in postgres redis "$s3"; do
    pid_of "$name" >/dev/null ||
      fail 1 "the hub needs $name, which does not run; the others do (./hub real down ends them). ./hub up takes stand-ins"
  done
}

words_between_none() {
  (($# == 0)) || wrong "real: takes no '$1'"
}

# Starts one server unless it runs; its reason is kept for status when it does not.
up_with() { # name, [what is done once it answers]
  local name=$1 prepare=${2:-} log=$real_home/log/$1.log
  is_there "$name" || return 0
  if ! pid_of "$name" >/dev/null; then
    if taken "$(port_of "$name")"; then
      printf 'port %s is taken; another one goes into %s' "$(port_of "$name")" "$real_home/ports" \
        >"$real_home/run/$name.why"
      return
    fi
    if ! "start_${name//-/_}"; then
      end_process "$name"
      printf 'it did not answer; %s says why' "$log" >"$real_home/run/$name.why"
      return
    fi
  fi
  # Before || nothing ends at a command that fails: each of these functions returns by itself.
  [[ -z $prepare ]] || "$prepare" >"$real_home/log/$prepare.log" 2>&1 ||
    printf '%s failed; %s says why' "$prepare" "$real_home/log/$prepare.log" >"$real_home/run/$name.why"
}

up_after() { # the server it needs, name, [another it needs]
  local needed
  for needed in "$1" "${3:-$1}"; do
    if ! pid_of "$needed" >/dev/null; then
      printf 'needs %s' "$needed" >"$real_home/run/$2.why"
      return
    fi
  done
  up_with "$2"
}

# All of them, and the hub first; or some, to see what goes on without them. ./hub real up starts them again.
real_down() { # [names…]
  local name
  for name in "$@"; do known_server "$name"; done
  [[ -d $real_home/run ]] || return 0
  if (($#)); then
    for name in "$@"; do end_process "$name" & done
    wait
    return
  fi
  if pid_of hub >/dev/null; then
    say 'hub: the hub still runs on them: it is ended first'
    end_process hub
  fi
  for name in prometheus alertmanager mlflow postgres-exporter redis-exporter node-exporter; do
    end_process "$name" &
  done
  wait
  for name in jaeger versitygw minio redis postgres; do end_process "$name" & done
  wait
}

# --- those that keep no data of ours ------------------------------------------------------------

start_mlflow() {
  local uri
  # psycopg2 reads the password from the passfile. Webhooks may go to this machine, where the hub is, and what was
  # just subscribed hears of the next change.
  uri="postgresql+psycopg2://mlflow@127.0.0.1:$(port_of postgres)/$database?options=-csearch_path%3Dmlflow"
  launch mlflow env PGPASSFILE="$(passfile_of mlflow)" AWS_SHARED_CREDENTIALS_FILE="$(s3_credentials_of mlflow)" \
    AWS_DEFAULT_REGION=us-east-1 AWS_REQUEST_CHECKSUM_CALCULATION=when_required \
    MLFLOW_S3_ENDPOINT_URL="http://127.0.0.1:$(port_of "$(s3_server)")" PYTHONNOUSERSITE=1 \
    MLFLOW_WEBHOOK_ALLOWED_SCHEMES=http,https MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS=true MLFLOW_WEBHOOK_CACHE_TTL=1 \
    MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true \
    "$(program mlflow)" -m mlflow server --host 127.0.0.1 --port "$(port_of mlflow)" --workers 1 \
    --backend-store-uri "$uri" --artifacts-destination s3://mlflow-artifacts --serve-artifacts \
    --expose-prometheus "$real_home/work/mlflow/metrics"
  answers_within 120 mlflow
}

start_jaeger() {
  cat >"$real_home/etc/jaeger.yaml" <<YAML
extensions:
  healthcheckv2:
    use_v2: true
    http: {endpoint: "127.0.0.1:$(port_of jaeger-health)"}
  jaeger_storage:
    backends:
      memory:
        memory: {max_traces: 20000}
  jaeger_query:
    storage: {traces: memory}
    http: {endpoint: "127.0.0.1:$(port_of jaeger)"}
    grpc: {endpoint: "127.0.0.1:0"}
receivers:
  otlp:
    protocols:
      grpc: {endpoint: "127.0.0.1:$(port_of otlp-grpc)"}
      http: {endpoint: "127.0.0.1:$(port_of otlp-http)"}
processors:
  batch:
    timeout: 1s
exporters:
  jaeger_storage_exporter: {trace_storage: memory}
service:
  extensions: [healthcheckv2, jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [jaeger_storage_exporter]}
  telemetry:
    resource: {service.name: jaeger}
    metrics:
      level: normal
      readers:
        - pull:
            exporter:
              prometheus: {host: 127.0.0.1, port: $(port_of jaeger-metrics)}
YAML
  launch jaeger "$(program jaeger)" --config "$real_home/etc/jaeger.yaml"
  answers_within 30 jaeger
}

start_postgres_exporter() {
  DATA_SOURCE_URI="127.0.0.1:$(port_of postgres)/$database?sslmode=disable" DATA_SOURCE_USER=exporter \
    DATA_SOURCE_PASS_FILE=$(secret_file postgres-exporter) \
    launch postgres-exporter "$(program postgres-exporter)" \
    --web.listen-address="127.0.0.1:$(port_of postgres-exporter)"
  answers_within 30 postgres-exporter
}

start_redis_exporter() {
  local at file
  at=redis://127.0.0.1:$(port_of redis)
  file=$(secret_file redis-exporter.json)
  # Looked for by the address, in newer versions with the user in it.
  printf '{"%s": "%s", "%s": "%s"}\n' "$at" "$(secret redis-exporter)" "${at/:\/\//://exporter@}" \
    "$(secret redis-exporter)" >"$file"
  launch redis-exporter "$(program redis-exporter)" --redis.addr="$at" --redis.user=exporter \
    --redis.password-file="$file" --web.listen-address="127.0.0.1:$(port_of redis-exporter)"
  answers_within 30 redis-exporter
}

start_node_exporter() {
  launch node-exporter "$(program node-exporter)" --no-collector.systemd \
    --collector.textfile.directory="$real_home/work/node-exporter" --web.listen-address="127.0.0.1:$(port_of node-exporter)"
  answers_within 30 node-exporter
}

start_alertmanager() {
  mkdir -p -- "$real_home/data/alertmanager"
  render_receivers >"$real_home/etc/alertmanager.yml" 2>/dev/null
  launch alertmanager "$(program alertmanager)" --config.file="$real_home/etc/alertmanager.yml" \
    --cluster.listen-address= --storage.path="$real_home/data/alertmanager" \
    --web.listen-address="127.0.0.1:$(port_of alertmanager)"
  answers_within 30 alertmanager
}

# What monitoring/ says of who hears of what, with the secrets that its user put there. Every one is optional.
render_receivers() {
  mkdir -p -- "$(receivers_folder)"
  sh monitoring/alertmanager/render.sh "$(receivers_folder)"
}

# A secret that was filled in since is taken without a restart.
receivers_of_alertmanager() {
  local file=$real_home/etc/alertmanager.yml
  render_receivers >"$file.new" || return
  if cmp -s -- "$file.new" "$file"; then
    rm -f -- "$file.new"
  else
    mv -f -- "$file.new" "$file" || return
    fetch --request POST "http://127.0.0.1:$(port_of alertmanager)/-/reload"
  fi
}

# What monitoring/ says, at the addresses of these servers.
start_prometheus() {
  local etc=$real_home/etc/prometheus
  [[ -f monitoring/prometheus/prometheus.yml ]] || {
    printf 'there is no monitoring/prometheus/prometheus.yml\n' >"$real_home/log/prometheus.log"
    return 1
  }
  rm -rf -- "$etc"
  mkdir -p -- "$real_home/data/prometheus" "$etc/secrets"
  cp -R monitoring/prometheus/. "$etc"
  # What does not run here is not looked for.
  printf '[]\n' | tee -- "$etc"/targets/*.yml >/dev/null
  target hub "${MANAGEMENT_SERVER_PORT:-8081}"
  target prometheus "$(port_of prometheus)"
  target alertmanager "$(port_of alertmanager)"
  target postgres "$(port_of postgres-exporter)"
  target redis "$(port_of redis-exporter)"
  target node "$(port_of node-exporter)"
  ! minio_is_there || target minio "$(port_of minio)"
  target mlflow "$(port_of mlflow)"
  target jaeger "$(port_of jaeger-metrics)"
  printf %s "$(secret hub-metrics-token)" >"$etc/secrets/hub-metrics-token"
  [[ ! -s $(secret_file minio-metrics-token) ]] || cp -- "$(secret_file minio-metrics-token)" "$etc/secrets/"
  launch prometheus "$(program prometheus)" --config.file="$etc/prometheus.yml" \
    --storage.tsdb.path="$real_home/data/prometheus" --storage.tsdb.retention.time=200h \
    --enable-feature=exemplar-storage --web.listen-address="127.0.0.1:$(port_of prometheus)"
  answers_within 60 prometheus
}

target() { # job, port
  printf '[{"targets": ["127.0.0.1:%s"]}]\n' "$2" >"$real_home/etc/prometheus/targets/$1.yml"
}

# Experiments by MLflow's own client, with the environment that the server runs in.
real_demo() {
  words_between_none "$@"
  if ! is_there mlflow || ! pid_of mlflow >/dev/null; then
    fail 1 'MLflow does not run; ./hub real up starts it'
  fi
  MLFLOW_TRACKING_URI=http://127.0.0.1:$(port_of mlflow) MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT=true \
    MLFLOW_DISABLE_TELEMETRY=true GIT_PYTHON_REFRESH=quiet PYTHONNOUSERSITE=1 \
    "$(program mlflow)" scripts/real/demo.py
}

# --- the hub on them ----------------------------------------------------------------------------

# Makes this process, which becomes the hub, one that has its settings from there.
on_real_servers() {
  real_up >&2
  export HUB_STATE_DIR=$real_home/state HUB_SECRETS_DIR=$real_home/hub
  note_pid hub $$
}

# A file for each key, as HUB_SECRETS_DIR reads them: neither arguments nor environment hold a password.
settings_of_the_hub() {
  local server
  server=postgresql://127.0.0.1:$(port_of postgres)
  rm -f -- "$real_home"/hub/*
  account hub.database "$server/$database" hub
  account hub.sources.main "$server/$database" hub_backup
  account hub.targets.dev "$server/postgres" hub_restore
  account hub.backup.drill "$server/postgres" hub_drill
  setting hub.backup.drill.on-source true
  setting spring.data.redis.url "redis://hub:$(secret redis-hub)@127.0.0.1:$(port_of redis)"
  setting hub.repository.url s3://hub-backups/hub
  setting hub.s3.endpoint "http://127.0.0.1:$(port_of "$(s3_server)")"
  setting hub.s3.access-key hub
  setting hub.s3.secret-key "$(secret s3-hub)"
  setting hub.metrics.token "$(secret hub-metrics-token)"
  ! pid_of jaeger >/dev/null || {
    setting management.otlp.tracing.endpoint "http://127.0.0.1:$(port_of otlp-http)/v1/traces"
    setting hub.jaeger.url "http://127.0.0.1:$(port_of jaeger)"
    probe jaeger "$(port_of jaeger)/api/services"
  }
  # What the hub does not work with itself.
  ! is_there mlflow || probe mlflow "$(port_of mlflow)/health"
  ! is_there prometheus || probe prometheus "$(port_of prometheus)/-/ready"
  ! is_there alertmanager || probe alertmanager "$(port_of alertmanager)/-/ready"
}

probe() { setting "hub.probes.$1.url" "http://127.0.0.1:$2"; } # name, port and path

setting() { printf '%s' "$2" >"$real_home/hub/$1"; } # key, value

account() { # prefix of keys, URL, role
  setting "$1.url" "$2"
  setting "$1.username" "$3"
  setting "$1.password" "$(secret "postgres-$3")"
}
