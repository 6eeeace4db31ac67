#!/bin/sh
# Walks procedures whose terms take weeks in a real browser over one demonstration; pictures go to .test-results/walks. The
# server reads the time from a file, so that days pass when the walk says so, and the walk has the same days on any machine.
set -eu
cd "$(dirname "$0")/../.."
. scripts/demonstration.sh
out=$PWD/.test-results/walks
library=$(find /usr/lib /usr/local/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
[ -n "$library" ] || { echo "47-procedure-walks: faketime is missing: run scripts/setup.sh test" >&2; exit 1; }
clock=$demonstration_directory/clock
# A Monday in a year whose holidays are known, nine in the morning at Beijing.
echo '@2026-03-02 09:00:00' >"$clock"
# Times of files are left as they are: faketime locks while it changes one, and a child that was forked at that moment, to read a
# scan within its confinement, would wait for ever for a thread that it does not have.
demonstration_clock="TZ=Asia/Shanghai LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$clock FAKETIME_CACHE_DURATION=1 NO_FAKE_STAT=1"
demonstration "${LIUHEN_WALKS_PORT:-18147}" "$out"
.venv/bin/python Tests/Browser/walks.py "$address" "$out" "$clock"
