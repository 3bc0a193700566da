#!/usr/bin/env bash
# A private authority and a certificate for each service, in compose/certs/, for compose.tls.yaml.
# A repeat renews what ends within 30 days and leaves the rest; the authority's key is needed for that
# only, and is better kept elsewhere (compose/certs/ca.key). Names beside the services' own, such as
# the machine's: HUB_TLS_NAMES=hub.example.org,10.0.0.5
set -euo pipefail
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
[[ -s .env ]] || { echo 'certs: run compose/secrets.sh first' >&2; exit 2; }
more=${HUB_TLS_NAMES:-}
uid=$(sed -n 's/^HUB_UID=//p' .env) gid=$(sed -n 's/^HUB_GID=//p' .env)
mkdir -p certs

fresh() { openssl x509 -in "$1" -noout -checkend $((30 * 86400)) >/dev/null 2>&1; }

if ! fresh certs/ca.crt; then
  openssl ecparam -name prime256v1 -genkey -noout -out certs/ca.key
  openssl req -x509 -new -sha256 -key certs/ca.key -days 3650 -subj '/CN=local-ml-security' -out certs/ca.crt \
    -addext basicConstraints=critical,CA:true,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
  rm -f certs/*/public.crt # signed by one that is gone
fi

names() { # service
  local name list="DNS:$1,DNS:localhost,IP:127.0.0.1"
  [[ $1 != s3 ]] || list+=,DNS:minio # as the platform's services know it
  for name in ${more//,/ }; do
    if [[ $name =~ ^[0-9.]+$|: ]]; then list+=",IP:$name"; else list+=",DNS:$name"; fi
  done
  printf %s "$list"
}

for service in postgres redis s3 mlflow jaeger prometheus alertmanager grafana postgres_exporter redis_exporter \
  node_exporter hub; do
  folder=certs/$service
  mkdir -p "$folder/CAs"
  # A service is given its own folder and nobody else's.
  cp -f certs/ca.crt "$folder/CAs/ca.crt"
  ! fresh "$folder/public.crt" || continue
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/private.key"
  openssl req -new -sha256 -key "$folder/private.key" -subj "/CN=$service" |
    openssl x509 -req -sha256 -CA certs/ca.crt -CAkey certs/ca.key -CAcreateserial -days 397 -out "$folder/public.crt" \
      -extfile <(printf 'subjectAltName=%s\nbasicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n' \
        "$(names "$service")") 2>/dev/null
done

# Prometheus' configuration, with https wherever it is spoken: Jaeger's own series have none.
awk '
  /^ *- job_name:/ { print; if ($3 != "jaeger" && $3 != "services") tls("    "); next }
  /^    - file_sd_configs:/ && alerting { print "    - scheme: https"; print "      tls_config: {ca_file: /certs/CAs/ca.crt}"
    print "      file_sd_configs:"; next }
  /^alerting:/ { alerting = 1 }
  /^scrape_configs:/ { alerting = 0 }
  { print }
  function tls(indent) { print indent "scheme: https"; print indent "tls_config: {ca_file: /certs/CAs/ca.crt}" }
' ../monitoring/prometheus/prometheus.yml >certs/prometheus.yml

if (($(id -u) == 0)); then chown -R -- "$uid:$gid" certs && chown 0:0 certs/ca.key; fi
echo "certs: compose/certs/ holds an authority and $(find certs -name public.crt | wc -l | tr -d ' ') certificates"
