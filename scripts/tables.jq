# A name or message may hold anything; a terminal must not obey it.
def clean: tostring | gsub("[\\x{0}-\\x{1f}\\x{7f}-\\x{9f}]"; " ");
def when: if . then .[0:19] | sub("T"; " ") else "-" end;
def tenths($of): "\(. * 10 / $of | floor / 10)";
def size: if . < 1024 then "\(.) B" elif . < 1048576 then tenths(1024) + " KiB"
  elif . < 1073741824 then tenths(1048576) + " MiB" else tenths(1073741824) + " GiB" end;
def bytes: if . == null then "-" else size end;
def times: if . == null then "-" else "\(.)x" end;
def percent: if . == null then "-" else "\(. * 100 | floor) %" end;
def change(of; say): [.before, .after] | map(if . == null then null else of | say end)
  | if .[0] == .[1] then .[0] else map(. // "-") | join(" > ") end;
# How fast a run goes: units per second, smoothed over about ten seconds.
def meter($was): now as $now | .progress as $p
  | if $p == null then null
    elif $was == null or $p.done < $was.done then {at: $now, done: $p.done}
    elif $p.done == $was.done and $now - $was.at < 5 then $was
    else ($now - $was.at) as $took | (($p.done - $was.done) / ([$took, 0.001] | max)) as $rate
      | {at: $now, done: $p.done, rate: (if $was.rate == null then $rate
          else $was.rate + (1 - (-$took / 10 | exp)) * ($rate - $was.rate) end)} end;
def clock: floor | [. / 3600, . % 3600 / 60, . % 60] | map(floor)
  | (if .[0] > 0 then . else .[1:] end) | map(if . < 10 then "0\(.)" else "\(.)" end) | join(":");
def bar($meter): .progress as $p
  | if $p == null then "\(.job)  \(.state)" + (if .attempt > 1 then ", attempt \(.attempt)" else "" end)
      + (if .state == "queued" and .headline then "  \(.headline)" else "" end)
    else def amount: if $p.unit == "bytes" then floor | size else "\(floor) \($p.unit)" end;
      [(if $p.total > 0 then ([$p.done / $p.total, 1] | min) as $share
          | "[" + ([range(20) | if . < ($share * 20 | floor) then "#" else "-" end] | join("")) + "] "
            + "\($share * 100 | floor) %", "\($p.done | amount) of \($p.total | amount)"
        else ($p.done | amount) end),
       ($meter.rate // 0 | if . > 0 then (amount + "/s"),
          (if $p.total > 0 then "ETA " + (([$p.total - $p.done, 0] | max) / . | clock) else empty end)
        else empty end),
       ($p.detail // empty)] | join("  ") end;
def table: map(map(if . == null then "-" else clean end))
  | (map(map(length)) | transpose | map(max)) as $widths | .[] | to_entries
  | map(.value + " " * ($widths[.key] - (.value | length))) | join("  ")
  | sub(" +$"; "");
