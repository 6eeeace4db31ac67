#!/bin/sh
# The calls by which the server, and ledger and vault alone, write, broken: of ledger and vault every one of a run of one
# round, some 500 with their three faults (half an hour and more); of longer runs and of the server, which make the same calls
# with more around them, four hundred and two hundred, spread over all kinds and faults. Each part says how many there are of
# each kind and how many of them it broke, and fails where every one was asked for and one is left out.
# LIUHEN_RUNS says how many of the longer runs (0 breaks every one of those too: hours), LIUHEN_SEED repeats the order.
set -eu
cd "$(dirname "$0")/../.."
status=0
python3 scripts/faults/syscalls.py --of exercise --rounds "${LIUHEN_ROUNDS:-1}" --runs 0 || status=1
python3 scripts/faults/syscalls.py --of server --runs "${LIUHEN_RUNS:-200}" || status=1
python3 scripts/faults/syscalls.py --of exercise --runs "${LIUHEN_RUNS:-400}" || status=1
exit $status
