#!/bin/sh
# A hundred power cuts of the server with clients outside, and a hundred of ledger and vault alone, at seeded moments.
# LIUHEN_SEED repeats a run, LIUHEN_POINTS says how many.
set -eu
cd "$(dirname "$0")/../.."
status=0
for part in server exercise; do
    python3 scripts/faults/power_cut.py --of $part --points "${LIUHEN_POINTS:-100}" || status=1
done
exit $status
