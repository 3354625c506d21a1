#!/bin/sh
# Cached ranges against nginx, by wrk.
exec python3 "$(dirname "$0")/../cached.py"
