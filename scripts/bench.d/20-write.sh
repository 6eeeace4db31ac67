#!/bin/sh
# The write: lone entries beside bare inserts, their syncs counted, and 32 writers at once.
set -eu
mkdir "$LIUHEN_BENCH/lone" "$LIUHEN_BENCH/writers" "$LIUHEN_BENCH/syncs"
"$LIUHEN_BIN/liuhen-bench" lone --directory "$LIUHEN_BENCH/lone"
"$LIUHEN_BIN/liuhen-bench" writers --directory "$LIUHEN_BENCH/writers"

# Two runs that differ by 400 entries: what start, warming and end sync falls away.
syncs() {
    rm -rf "$LIUHEN_BENCH/syncs/ledger"
    strace -f -qq -c -U calls,name -e trace=fdatasync -o "$LIUHEN_BENCH/counted" \
        "$LIUHEN_BIN/liuhen-bench" lone --directory "$LIUHEN_BENCH/syncs" --only yes --entries "$1"
    awk '$2 == "fdatasync" { print $1 }' "$LIUHEN_BENCH/counted"
}
few=$(syncs 100)
many=$(syncs 500)
awk -v few="$few" -v many="$many" \
    'BEGIN { printf "{\"figure\": \"lone-syncs\", \"samples\": [%.3f], \"note\": \"strace, 400 entries\"}\n", (many - few) / 400 }'
