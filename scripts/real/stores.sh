# shellcheck shell=bash
# PostgreSQL, Redis and S3: started, and given one role or key per service with the least it needs. All of it may be
# done again.

database=ml_security_consolidated

# --- PostgreSQL ---------------------------------------------------------------------------------

# PostgreSQL refuses root. Seen through a user namespace root is nobody, and files stay root's; where namespaces are
# forbidden it is nobody, with its data where nobody gets to.
as_nobody=()
postgres_data() {
  as_nobody=()
  cluster=$real_home/data/postgres
  ((EUID == 0)) || return 0
  if unshare -U true 2>/dev/null; then
    as_nobody=(unshare -U)
  else
    as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    cluster=/var/tmp/ml-security-hub-real-$(printf %s "$real_home" | cksum | cut -d ' ' -f 1)
    [[ -d $cluster ]] || mkdir -m 700 -- "$cluster"
    [[ -O $cluster || $(stat -c %u "$cluster") == 65534 ]] || fail 1 "$cluster belongs to another user"
    chown 65534:65534 "$cluster"
  fi
}

start_postgres() {
  local bin
  bin=$(postgres_bin)
  postgres_data
  mkdir -p -- "$cluster"
  if [[ ! -s $cluster/PG_VERSION ]]; then
    # By a pipe: whom initdb runs as may not read our files.
    secret postgres-postgres | "${as_nobody[@]}" "$bin/initdb" --pgdata="$cluster" --username=postgres \
      --pwfile=/dev/stdin --auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums \
      >"$real_home/log/initdb.log" 2>&1 || { tail -n 5 "$real_home/log/initdb.log" >&2; return 1; }
  fi
  launch postgres "${as_nobody[@]}" "$bin/postgres" -D "$cluster" -c port="$(port_of postgres)" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=256MB \
    -c timezone=UTC -c log_timezone=UTC
  answers_as postgres postgres
}

answers_as() { # role, database
  local deadline=$((SECONDS + 60))
  until sql_as "$1" "$2" <<<'SELECT 1' >/dev/null 2>&1; do
    pid_of postgres >/dev/null && ((SECONDS < deadline)) || return
    sleep 0.2
  done
}

sql_as() { # role, database; SQL from standard input
  PGPASSFILE=$(passfile_of "$1") PGCONNECT_TIMEOUT=5 "$(postgres_bin)/psql" --no-psqlrc --quiet --no-password \
    --tuples-only --no-align --set=ON_ERROR_STOP=1 --host=127.0.0.1 --port="$(port_of postgres)" --username="$1" \
    --dbname="$2"
}

# What each role is for:
#   hub          owns what its migrations make; no superuser, and it creates neither databases nor roles
#   hub_backup   reads everything and writes nothing
#   hub_drill    makes scratch databases and drops them; it may not enter the platform's
#   hub_restore  makes the databases that a restore asks for
#   mlflow       owns the schema mlflow, and sees no other
#   exporter     reads statistics
roles_and_schemas() {
  local role
  {
    for role in hub hub_backup hub_drill hub_restore mlflow exporter; do
      printf "SELECT 'CREATE ROLE %s LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') \\gexec\n" \
        "$role" "$role"
      printf "ALTER ROLE %s PASSWORD '%s';\n" "$role" "$(secret "postgres-$role")"
    done
    cat <<SQL
ALTER ROLE hub_drill CREATEDB;
ALTER ROLE hub_restore CREATEDB;
GRANT pg_read_all_data TO hub_backup;
GRANT pg_monitor TO exporter;
ALTER ROLE mlflow SET search_path = mlflow;
SELECT 'CREATE DATABASE $database TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C'''
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$database') \gexec
REVOKE ALL ON DATABASE $database FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE $database TO hub;
GRANT CONNECT ON DATABASE $database TO hub_backup, mlflow, exporter;
SQL
  } | sql_as postgres postgres || return
  sql_as postgres "$database" <<<'CREATE SCHEMA IF NOT EXISTS mlflow AUTHORIZATION mlflow;' 2>&1
}

# --- Redis --------------------------------------------------------------------------------------

start_redis() {
  local file=$real_home/etc/redis.conf
  mkdir -p -- "$real_home/data/redis"
  # What expires soonest goes first when memory is full: predictions before sessions, and streams, which never expire,
  # not at all.
  cat >"$file" <<CONF
bind 127.0.0.1
port $(port_of redis)
protected-mode yes
daemonize no
dir $real_home/data/redis
appendonly yes
appendfsync everysec
maxmemory 2gb
maxmemory-policy volatile-ttl
tcp-keepalive 60
timeout 300
user default off
user hub on #$(hashed redis-hub) ~* &* +@all -@admin -@dangerous +info +keys +config|get +client|setname
user exporter on #$(hashed redis-exporter) +ping +info +config|get +latency +slowlog|get +slowlog|len +client|list +client|setname +select +cluster|info +dbsize
CONF
  launch redis env LD_LIBRARY_PATH="$(libraries_of redis)" "$(program redis)" "$file"
  answers_within 30 redis
}

hashed() { # name of a secret
  secret "$1" | sha256sum | cut -d ' ' -f 1
}

# --- S3 -----------------------------------------------------------------------------------------

start_minio() {
  mkdir -p -- "$real_home/data/minio"
  secret minio-root-password >/dev/null
  [[ -s $(secret_file minio-root-user) ]] || printf root >"$(secret_file minio-root-user)"
  launch minio env MINIO_ROOT_USER_FILE="$(secret_file minio-root-user)" \
    MINIO_ROOT_PASSWORD_FILE="$(secret_file minio-root-password)" MINIO_UPDATE=off MINIO_BROWSER=off \
    "$(program minio)" server --quiet --address "127.0.0.1:$(port_of minio)" \
    --console-address "127.0.0.1:$(port_of minio-console)" "$real_home/data/minio"
  local deadline=$((SECONDS + 60))
  until fetch "http://127.0.0.1:$(port_of minio)/minio/health/ready"; do
    pid_of minio >/dev/null && ((SECONDS < deadline)) || return
    sleep 0.2
  done
}

# It has no other way than the environment for its root key; only this user reads that.
start_versitygw() {
  mkdir -p -- "$real_home/data/versitygw/"{objects,versions,meta,keys}
  ROOT_ACCESS_KEY=root ROOT_SECRET_KEY=$(secret s3-versitygw) launch versitygw "$(program versitygw)" \
    --port "127.0.0.1:$(port_of versitygw)" --quiet --iam-dir "$real_home/data/versitygw/keys" posix --sidecar "$real_home/data/versitygw/meta" \
    --versioning-dir "$real_home/data/versitygw/versions" "$real_home/data/versitygw/objects"
  answers_within 30 versitygw
}

mc() {
  "$(program mc)" --config-dir "$real_home/secrets/mc" --quiet "$@"
}

# Who may do what with which bucket. All else is refused, and nothing is public.
#          user         bucket             read or write
s3_grants='
hub         hub-backups        write
mlflow      mlflow-artifacts   write
training    training-data      write
training    datasets           read
model-cache model-cache        write
model-cache mlflow-artifacts   read'

buckets_and_keys_on_minio() {
  local user name said
  mkdir -p -- "$real_home/secrets/mc"
  printf '{"version": "10", "aliases": {"real": {"url": "http://127.0.0.1:%s", "accessKey": "%s", "secretKey": "%s",
    "api": "S3v4", "path": "on"}}}\n' "$(port_of minio)" "$(<"$(secret_file minio-root-user)")" \
    "$(secret minio-root-password)" >"$real_home/secrets/mc/config.json"
  # Locked means versioned, too; how long versions stay is for whoever sets a retention.
  mc mb --ignore-existing --with-lock real/hub-backups || return
  mc mb --ignore-existing real/mlflow-artifacts real/training-data real/model-cache real/datasets || return
  for user in $(s3_users); do
    # Read from standard input: arguments are everybody's to see.
    printf '%s\n%s\n' "$user" "$(secret "s3-$user")" | mc admin user add real || return
    name=$real_home/etc/policy-$user.json
    policy_of user "$user" >"$name"
    mc admin policy create real "$user" "$name" || return
    said=$(mc admin policy attach real "$user" --user "$user" 2>&1) || [[ $said == *'already in effect'* ]] ||
      { printf '%s\n' "$said"; return 1; }
  done
  mc admin prometheus generate real cluster | sed -n 's/.*bearer_token: *//p' >"$(secret_file minio-metrics-token)"
}

# The same on versitygw, where buckets say who may do what. Bodies are files: a key is in nobody's arguments.
buckets_and_keys_on_versitygw() {
  local user bucket body=$real_home/secrets/versitygw-request
  for user in $(s3_users); do
    printf '<Account><Access>%s</Access><Secret>%s</Secret><Role>user</Role></Account>' "$user" "$(secret "s3-$user")" \
      >"$body"
    ask_versitygw PATCH /create-user "$body" 201 XAdminUserExists || return
  done
  for bucket in $(s3_buckets); do
    : >"$body"
    # Locked means versioned, too.
    ask_versitygw PUT "/$bucket" "$body" 200 BucketAlreadyOwnedByYou \
      --header "x-amz-bucket-object-lock-enabled: $([[ $bucket == hub-backups ]] && echo true || echo false)" || return
    policy_of bucket "$bucket" >"$body"
    ask_versitygw PUT "/$bucket?policy=" "$body" 204 - || return
  done
  rm -f -- "$body"
}

# A request of its root that must be answered so, or by an error that says it was done before.
ask_versitygw() { # method, path, file of the body, status, error, curl's arguments…
  local method=$1 path=$2 body=$3 wanted=$4 done_before=$5 answer digest
  shift 5
  digest=$(sha256sum <"$body")
  answer=$(printf 'user = "root:%s"\n' "$(secret s3-versitygw)" |
    curl --disable --silent --noproxy '*' --connect-timeout 2 --max-time 10 --config - \
      --aws-sigv4 aws:amz:us-east-1:s3 --header "x-amz-content-sha256: ${digest%% *}" --header 'Content-Type:' "$@" \
      --request "$method" --data-binary "@$body" --write-out ' %{http_code}' \
      "http://127.0.0.1:$(port_of versitygw)$path")
  [[ ${answer##* } == "$wanted" || $answer == *"<Code>$done_before</Code>"* ]] && return
  printf '%s %s: %s\n' "$method" "$path" "$answer"
  return 1
}

s3_users() { awk 'NF { print $1 }' <<<"$s3_grants" | sort -u; }

s3_buckets() { awk 'NF { print $2 }' <<<"$s3_grants" | sort -u; }

policy_of() { # user or bucket, its name: what this user may do, or who may do what with this bucket
  local user bucket may first='' actions principal
  printf '{"Version": "2012-10-17", "Statement": ['
  while read -r user bucket may; do
    [[ $2 == "${!1}" ]] || continue
    principal=''
    [[ $1 == user ]] || principal="\"Principal\": {\"AWS\": \"$user\"}, "
    actions='"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging"'
    [[ $may != write ]] || actions+=', "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject",
      "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"'
    printf '%s\n{"Effect": "Allow", %s"Action": [%s], "Resource": ["arn:aws:s3:::%s/*"]},' "$first" "$principal" \
      "$actions" "$bucket"
    printf '\n{"Effect": "Allow", %s"Action": ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation",
      "s3:GetBucketVersioning", "s3:GetBucketObjectLockConfiguration", "s3:ListBucketMultipartUploads"],
      "Resource": ["arn:aws:s3:::%s"]}' "$principal" "$bucket"
    first=,
  done <<<"$s3_grants"
  printf ']}\n'
}
