#!/bin/sh
# The calls by which the server, and ledger and vault alone, write, broken: two hundred and four hundred of them.
# LIUHEN_RUNS=0 breaks every one (hours), LIUHEN_SEED repeats the order.
set -eu
cd "$(dirname "$0")/../.."
status=0
python3 scripts/faults/syscalls.py --of server --runs "${LIUHEN_RUNS:-200}" || status=1
python3 scripts/faults/syscalls.py --of exercise --runs "${LIUHEN_RUNS:-400}" || status=1
exit $status
