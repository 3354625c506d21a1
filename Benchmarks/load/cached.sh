#!/bin/sh
# Cached ranges against nginx, by wrk.
exec "$(dirname "$0")/../compare-nginx"
