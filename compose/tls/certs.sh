#!/usr/bin/env bash
# A private authority and a certificate for each service, in compose/certs/, for compose.tls.yaml.
# A repeat renews what ends within 30 days and leaves the rest; the authority's key is needed for that
# only, and is better kept elsewhere (compose/certs/ca.key). Names beside the services' own, such as
# the machine's: HUB_TLS_NAMES=hub.example.org,10.0.0.5; certificates with other names are renewed. Without it
# they keep the names they have.
set -euo pipefail
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
[[ -s .env ]] || { echo 'certs: run compose/secrets.sh first' >&2; exit 2; }
uid=$(sed -n 's/^HUB_UID=//p' .env) gid=$(sed -n 's/^HUB_GID=//p' .env)
mkdir -p certs

fresh() { openssl x509 -in "$1" -noout -checkend $((30 * 86400)) >/dev/null 2>&1; }

if ! fresh certs/ca.crt; then
  openssl ecparam -name prime256v1 -genkey -noout -out certs/ca.key.new
  openssl req -x509 -new -sha256 -key certs/ca.key.new -days 3650 -subj '/CN=local-ml-security' -out certs/ca.crt.new \
    -addext basicConstraints=critical,CA:true,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
  mv -f -- certs/ca.key.new certs/ca.key
  mv -f -- certs/ca.crt.new certs/ca.crt
fi

names() { # service
  local name more=${HUB_TLS_NAMES-} list="DNS:$1,DNS:localhost,IP:127.0.0.1"
  if [[ -z ${HUB_TLS_NAMES+x} && -s certs/$1/public.crt ]]; then
    names_in "certs/$1/public.crt" | sed 's/IP Address:/IP:/g; s/, */,/g'
    return
  fi
  [[ $1 != s3 ]] || list+=,DNS:minio # as the platform's services know it
  for name in ${more//,/ }; do
    if [[ $name =~ ^[0-9.]+$|: ]]; then list+=",IP:$name"; else list+=",DNS:$name"; fi
  done
  printf %s "$list"
}

names_in() { # certificate
  openssl x509 -in "$1" -noout -ext subjectAltName | sed -n '2s/^ *//p'
}

# As openssl writes them: it has several ways to write one address.
as_written() { # names
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=names \
    -addext "subjectAltName=$1" 2>/dev/null | openssl req -noout -text | sed -n '/Subject Alternative Name/{n;s/^ *//p;}'
}

stays() { # service: whether its certificate is fresh, of this authority, and has the names that are asked for
  fresh "certs/$1/public.crt" && [[ -s certs/$1/private.key ]] || return
  openssl verify -CAfile certs/ca.crt "certs/$1/public.crt" >/dev/null 2>&1 || return
  [[ -z ${HUB_TLS_NAMES+x} || $(names_in "certs/$1/public.crt") == "$(as_written "$(names "$1")")" ]]
}

services=(postgres redis s3 mlflow jaeger prometheus alertmanager grafana postgres_exporter redis_exporter
  node_exporter hub)
due=()
for service in "${services[@]}"; do
  stays "$service" || due+=("$service")
done
((${#due[@]} == 0)) || [[ -s certs/ca.key ]] || {
  echo "certs: the authority's key compose/certs/ca.key is missing, and these need new certificates: ${due[*]}." \
    'Put it back, run this again, and move it away again; nothing was changed' >&2
  exit 1
}

for service in "${services[@]}"; do
  folder=certs/$service
  mkdir -p "$folder/CAs"
  # A service is given its own folder and nobody else's.
  cp -f certs/ca.crt "$folder/CAs/ca.crt"
  [[ " ${due[*]} " == *" $service "* ]] || continue
  list=$(names "$service")
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/private.key.new"
  said=$(openssl req -new -sha256 -key "$folder/private.key.new" -subj "/CN=$service" |
    openssl x509 -req -sha256 -CA certs/ca.crt -CAkey certs/ca.key -CAcreateserial -days 397 -out "$folder/public.crt.new" \
      -extfile <(printf 'subjectAltName=%s\nbasicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n' \
        "$list") 2>&1) ||
    { printf 'certs: %s keeps the certificate it has, since no new one could be signed: %s\n' "$service" "$said" >&2; exit 1; }
  mv -f -- "$folder/private.key.new" "$folder/private.key"
  mv -f -- "$folder/public.crt.new" "$folder/public.crt"
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

if (($(id -u) == 0)); then chown -R -- "$uid:$gid" certs && { [[ ! -e certs/ca.key ]] || chown 0:0 certs/ca.key; }; fi
echo "certs: compose/certs/ holds an authority and $(find certs -name public.crt | wc -l | tr -d ' ') certificates"
