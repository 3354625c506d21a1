#!/bin/sh
# How many listeners hear different things without a stall, against how fast the loop is with as many workers busy at once.
. "$(dirname "$0")/../lib/server.sh"
workers=2
long=300
make_tune $long long.flac
for rung in ${RUNGS:-mp3-128 opus-64}; do
  # Seconds of sound a second, all workers at work: the median of five.
  factor=$(python3 - "$program" "$work/long.flac" $rung $workers $long <<'PY'
import json, statistics, subprocess, sys
program, file, rung, jobs, seconds = sys.argv[1:]
walls = [json.loads(subprocess.run([program, "transcode", file, "--rendition", rung, "--jobs", jobs, "--timings", "--output", "/dev/null"],
                                   check=True, capture_output=True).stderr)["render"]["wall"] for _ in range(5)]
print(int(seconds) / statistics.median(walls))
PY
)
  low=1 high=$(python3 -c "print(int($factor * 1.3) + 1)") best=
  # A song for each: two who are at different places of one song behind one address look like one who jumps to and fro.
  songs "$high" 100
  echo "— $rung: the loop renders $factor s of sound a second; between 1 and $high listeners"
  for round in 1 2 3 4; do
    clients=$(python3 -c "print(round($factor * 0.86) if $round == 1 else ($low + $high) // 2)")
    start_server SWEETSPOT_CACHE_MEMORY=16MiB SWEETSPOT_WORKERS=$workers
    run "capacity-$rung" --clients "$clients" --ramp 10 --duration 40 --play $rung --network wifi --buffer 10 --cold
    stop_server
    if python3 -c "import sys; sys.exit(not ($(figure "capacity-$rung" 'clients that stalled') <= 0.01 * $clients and $(figure "capacity-$rung" 'clients refused') == 0))"; then
      low=$clients best=$clients; cp "$work/capacity-$rung.json" "$work/best-$rung.json"
    else
      high=$clients
    fi
  done
  [ -n "$best" ] || best=0
  goal "listeners of $rung without stalls ($best) / real-time factor" "$(python3 -c "print($best / $factor)")" ">=" 0.85
  [ "$best" = 0 ] || goal "simulator's share of the processor, %" "$(figure "best-$rung" 'own CPU, % of all')" "<=" 10
  [ -z "${RESULTS:-}" ] || python3 -c "import json; json.dump({'listeners': $best, 'factor': $factor, 'ratio': $best / $factor}, open('$RESULTS/capacity-$rung.json', 'w'))"
done
exit $failed
