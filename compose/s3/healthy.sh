#!/bin/bash
# Whether it takes a key: /health answers whoever asks, and says nothing of that.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/request.sh"
request GET / /dev/null 200 -
