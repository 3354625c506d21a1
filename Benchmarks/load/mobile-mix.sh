#!/bin/sh
# Phones of every network that skip songs after 40 s, as people do: what they fetch and never hear, with the pace and without.
. "$(dirname "$0")/../lib/server.sh"
songs 20 240
start_server SWEETSPOT_CACHE_MEMORY=256MiB
options="--clients 40 --ramp 5 --duration 150 --play mp3-128 --network edge,3g,4g,wifi --skip 40 --pause 60 --drop 45 --hand-over 45"
run mobile-mix-paced $options
run mobile-mix-unpaced $options --download
goal "bytes never played, paced / not" "$(python3 -c "print($(figure mobile-mix-paced 'never played, MB') / $(figure mobile-mix-unpaced 'never played, MB'))")" "<=" 0.5
exit $failed
