#!/bin/bash
# The S3 client and the exporter of traces trust what Java trusts: add the platform's authority to that.
set -euo pipefail
java_home=$(dirname -- "$(dirname -- "$(readlink -f "$(command -v java)")")")
cp -L -- "$java_home/lib/security/cacerts" /tmp/trusted
chmod 600 /tmp/trusted
# Everybody knows this password: the file holds certificates, no key.
keytool -importcert -noprompt -keystore /tmp/trusted -storepass changeit -alias platform -file /certs/CAs/ca.crt 2>/dev/null
exec java @/hub/jvm.options -XX:SharedArchiveFile=/hub/hub.jsa -Xshare:auto -XX:+ExitOnOutOfMemoryError \
  -Djavax.net.ssl.trustStore=/tmp/trusted -Djavax.net.ssl.trustStorePassword=changeit \
  -jar hub.jar
