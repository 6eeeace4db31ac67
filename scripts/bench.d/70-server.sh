#!/bin/sh
# The server: first page, idle memory, whole steps.
exec python3 scripts/bench/server.py
