#!/bin/sh
# Listeners come one after another, each to a song that nobody heard before: how long until they hear it.
. "$(dirname "$0")/../lib/server.sh"
songs 20 240
start_server SWEETSPOT_CACHE_MEMORY=0
for rung in mp3-128 opus-64; do run "cold-start-$rung" --clients 40 --ramp 20 --duration 30 --play $rung --network lan --buffer 10 --cold; done
exit $failed
