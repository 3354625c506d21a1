#!/bin/sh
# Two thousand clients that take 1 kB/s: what they cost the server, and the listeners besides.
. "$(dirname "$0")/../lib/server.sh"
songs 8 240
ulimit -n "$(ulimit -Hn)"
start_server SWEETSPOT_CACHE_MEMORY=64MiB
run slow-readers-warm --clients 20 --ramp 2 --duration 15 --play mp3-128 --network lan --buffer 5 --seek 1
run slow-readers-without --clients 20 --ramp 2 --duration 25 --play mp3-128 --network lan --buffer 5 --seek 1
run slow-readers-with --clients 20 --ramp 2 --duration 25 --play mp3-128 --network lan --buffer 5 --seek 1 --slow 2000
goal "PSS above the baseline, MB" "$(python3 -c "print($(figure slow-readers-with 'PSS at work, MB') - $(figure slow-readers-without 'PSS at work, MB'))")" "<=" 150
goal "p99 of other listeners' seeks, to without" "$(python3 -c "print($(figure slow-readers-with 'seek p99, ms') / $(figure slow-readers-without 'seek p99, ms'))")" "<=" 1.1
exit $failed
