#!/bin/sh
# Its configuration says who is told, by which secrets are filled in; then becomes the server.
set -eu
sh /render.sh /run/secrets/alertmanager >/tmp/alertmanager.yml
exec /bin/alertmanager --config.file=/tmp/alertmanager.yml --storage.path=/alertmanager \
  --cluster.listen-address= "$@"
