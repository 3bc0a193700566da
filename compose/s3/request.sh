#!/bin/bash
# For healthy.sh and setup.sh: requests of the S3 server's root.
secrets=${HUB_SECRETS:-/run/secrets}
endpoint=${HUB_S3_ENDPOINT:-http://127.0.0.1:9000}

# Ends the script when there is none: an empty key would be set as one.
secret() { # name
  local value
  value=$(cat -- "$secrets/$1") && [[ -n $value ]] || {
    echo "s3: cannot read $secrets/$1, or it is empty: compose/secrets.sh makes it" >&2
    return 1
  }
  printf %s "$value"
}

# One that must be answered so, or by an error that says it was done before.
request() { # method, path, file of the body, status, error, curl's arguments…
  local method=$1 path=$2 body=$3 wanted=$4 done_before=$5 answer digest user key
  shift 5
  digest=$(sha256sum <"$body")
  user=$(secret s3_root_user) || return
  key=$(secret s3_root_password) || return
  # The key is read from standard input: arguments are everybody's to see.
  answer=$(printf 'user = "%s:%s"\n' "$user" "$key" |
    curl --disable --silent --show-error --noproxy '*' --connect-timeout 2 --max-time 10 --config - \
      --aws-sigv4 aws:amz:us-east-1:s3 --header "x-amz-content-sha256: ${digest%% *}" --header 'Content-Type:' "$@" \
      --request "$method" --data-binary "@$body" --write-out ' %{http_code}' "$endpoint$path" 2>&1) || true
  [[ ${answer##* } == "$wanted" || $done_before != - && $answer == *"<Code>$done_before</Code>"* ]] && return
  printf '%s %s: %s\n' "$method" "$path" "$answer" >&2
  return 1
}
