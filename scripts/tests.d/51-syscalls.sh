#!/bin/sh
# Some of the calls by which the server, and ledger and vault alone, write, broken. LIUHEN_SEED repeats a run.
set -eu
cd "$(dirname "$0")/../.."
python3 scripts/faults/syscalls.py --of server --runs 14 --least 6 --seconds 60
python3 scripts/faults/syscalls.py --of exercise --runs 20 --least 8 --seconds 40
