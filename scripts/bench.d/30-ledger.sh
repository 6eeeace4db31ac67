#!/bin/sh
# The check of a whole ledger of a million entries. LIUHEN_BENCH_LEDGER keeps it in a directory for the next run.
set -eu
directory=${LIUHEN_BENCH_LEDGER:-$LIUHEN_BENCH}
mkdir -p "$directory"
exec "$LIUHEN_BIN/liuhen-bench" ledger --directory "$directory" --entries "${LIUHEN_BENCH_ENTRIES:-1000000}"
