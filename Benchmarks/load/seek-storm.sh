#!/bin/sh
# Listeners who seek every few seconds and break off what they asked for.
. "$(dirname "$0")/../lib/server.sh"
songs 10 240
start_server SWEETSPOT_CACHE_MEMORY=64MiB
run seek-storm --clients 30 --ramp 5 --duration 40 --play mp3-128 --network wifi --seek 4 --drop 15 --buffer 10
exit $failed
