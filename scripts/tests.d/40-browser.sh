#!/bin/sh
# Walks a case in a real browser over a fresh demonstration: pictures and dossier go to .test-results/browser.
set -eu
cd "$(dirname "$0")/../.."
. scripts/demonstration.sh
out=$PWD/.test-results/browser
demonstration 18099 "$out"
# Not from the dossier: the verifier must be given its trust from elsewhere.
vkey=$(curl -fs "$address/ledger/qinghe/vkey")
.venv/bin/python Tests/Browser/walk.py "$address" "$out" "$bin/liuhen-verify" "$vkey"
