# shellcheck shell=bash
# For jq: rows as a table with aligned columns. A terminal must not obey what a name or a message holds.
# shellcheck disable=SC2034 # read by those that source this
shapes='def clean: tostring | gsub("[\\x{0}-\\x{1f}\\x{7f}-\\x{9f}]"; " ");
def table: map(map(if . == null then "-" else clean end))
  | (map(map(length)) | transpose | map(max)) as $widths | .[] | to_entries
  | map(.value + " " * ($widths[.key] - (.value | length))) | join("  ")
  | sub(" +$"; "");'
