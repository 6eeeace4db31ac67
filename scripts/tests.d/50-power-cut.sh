#!/bin/sh
# Power cuts at seeded moments: ten of the server with clients outside, some of ledger and vault alone. LIUHEN_SEED repeats
# a run.
set -eu
cd "$(dirname "$0")/../.."
python3 scripts/faults/power_cut.py --of server --points 10 --control 5
python3 scripts/faults/power_cut.py --of exercise --points 4 --control 5
