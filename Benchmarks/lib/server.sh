# Shared by the scenarios: a server with music of its own, and what is asked of sweetspot-load. Source it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${SWEETSPOT_PROGRAM:-$root/.build/release/sweetspot}
load=$root/Benchmarks/.build/release/sweetspot-load
[ -x "$program" ] || { echo "make build first: $program is missing" >&2; exit 69; }
SWEETSPOT_BENCHMARKS=1 swift build -c release --product sweetspot-load --package-path "$root/Benchmarks" >/dev/null 2>&1 ||
  { echo "sweetspot-load does not build" >&2; exit 70; }
work=$(mktemp -d)
server_pid=
trap 'stop_server; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# make_tune SECONDS FILE: music in the working folder.
make_tune() {
  python3 - "$root/Benchmarks" "$work" "$1" "$2" <<'PY'
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from lib.music import make_music
make_music(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
PY
}

# songs COUNT SECONDS: one tune under many titles, so that each is a track of its own.
songs() {
  rm -rf "$work/music"
  mkdir -p "$work/music"
  make_tune "$2" tune.flac
  for number in $(seq -w 1 "$1"); do
    ffmpeg -v error -i "$work/tune.flac" -c copy -metadata "title=Song $number" "$work/music/$number.flac"
  done
}

# start_server [NAME=VALUE …]: sets url and server_pid.
start_server() {
  rm -rf "$work/data"
  env LOG_LEVEL=error SWEETSPOT_CACHE_DISK=0 "$@" "$program" serve --open --port 0 --data "$work/data" --music "$work/music" >"$work/url" &
  server_pid=$!
  for _ in $(seq 600); do
    url=$(cat "$work/url")
    [ -n "$url" ] && [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/readyz")" = 200 ] && return
    sleep 0.2
  done
  echo "the server does not get ready" >&2
  exit 69
}

stop_server() {
  [ -n "$server_pid" ] && kill "$server_pid" 2>/dev/null && wait "$server_pid" 2>/dev/null
  server_pid=
}

# run NAME OPTION …: plays, prints the report, and keeps it for `figure`.
run() {
  name=$1; shift
  echo "— $name"
  "$load" "$url" --server-pid "$server_pid" --json "$work/$name.json" "$@" || failed=1
  [ -z "${RESULTS:-}" ] || {
    cp "$work/$name.json" "$RESULTS/$name.json"
    /usr/bin/python3 "$root/Benchmarks/plot-load" "$work/$name.json" "$RESULTS/$name.png"
  }
}

# figure NAME KEY: a number of a report.
figure() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/$1.json" "$2"; }

# goal TEXT VALUE RELATION BOUND
goal() {
  python3 -c 'import sys
text, value, relation, bound = sys.argv[1], float(sys.argv[2]), sys.argv[3], float(sys.argv[4])
held = {"<=": value <= bound, ">=": value >= bound, "=": value == bound}[relation]
print(f"goal: {text} {relation} {bound:g}: {value:.4g}, " + ("met" if held else "missed"))' "$@"
}
failed=0
