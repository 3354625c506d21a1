#!/bin/sh
# Forty listeners with DSub and Symfonium, on every network: they fetch the next songs before they play, go on by range where a
# transfer broke, seek and skip. Every byte is compared with the whole file.
. "$(dirname "$0")/../lib/server.sh"
songs 20 180
start_server SWEETSPOT_CACHE_MEMORY=256MiB
run subsonic --subsonic --clients 40 --ramp 5 --duration 180 --network edge,3g,4g,wifi --skip 60 --seek 40 --pause 60 --drop 25 --hand-over 60
goal "wrong bytes" "$(figure subsonic 'wrong bytes')" = 0
goal "stalls that the network does not explain" "$(figure subsonic 'stalls not explained by the network')" = 0
exit $failed
