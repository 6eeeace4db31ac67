#!/bin/sh
# The press: cold start, and p50 and p99 of a warm two-page document.
set -eu
exec "$(dirname "$0")/../../.venv/bin/python" "$(dirname "$0")/10-press.py" "$@"
