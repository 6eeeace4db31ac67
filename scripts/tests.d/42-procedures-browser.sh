#!/bin/sh
# Walks leads, procedures and a request to copy in a real browser over a fresh demonstration; pictures go to .test-results/procedures.
set -eu
cd "$(dirname "$0")/../.."
. scripts/demonstration.sh
out=$PWD/.test-results/procedures
demonstration 18142 "$out"
.venv/bin/python Tests/Browser/procedures.py "$address" "$out"
