#!/bin/sh
# What 200 listeners who hear 200 different things cost in memory, the cache's own budget taken off.
. "$(dirname "$0")/../lib/server.sh"
songs 25 480
start_server SWEETSPOT_CACHE_MEMORY=16MiB
# Warm: what the first listeners make the processes load is nobody's.
run memory-warm --clients 4 --duration 5 --play mp3-128 --network lan --buffer 5 --cold
run memory --clients 200 --ramp 10 --duration 40 --play mp3-48 --network 3g --buffer 10 --cold
goal "PSS per active cold listener, MB" "$(python3 -c "print(max(0, $(figure memory 'PSS at work, MB') - $(figure memory 'PSS before, MB') - 16) / 200)")" "<=" 1
exit $failed
