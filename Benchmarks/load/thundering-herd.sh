#!/bin/sh
# A thousand listeners ask for one song at once that was never heard before: each chunk is rendered once.
. "$(dirname "$0")/../lib/server.sh"
songs 1 120
start_server
run thundering-herd --clients 1000 --duration 60 --play mp3-128 --network lan --one-song --download
renders=$(figure thundering-herd renders)
most=$(python3 -c 'import json,sys,urllib.request
track = json.load(urllib.request.urlopen(sys.argv[1] + "/api/v1/tracks"))["items"][0]
frames = -(-(track["samples"] + 1152) // 1152)
print(-(-frames // 98))' "$url")
goal "renders per chunk" "$(python3 -c "print($renders / $most)")" = 1
exit $failed
