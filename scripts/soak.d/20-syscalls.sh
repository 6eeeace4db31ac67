#!/bin/sh
# Four hundred of the calls by which ledger and vault write, broken; LIUHEN_RUNS=0 breaks every one (an hour and more),
# LIUHEN_SEED repeats the order.
exec python3 scripts/faults/syscalls.py --runs "${LIUHEN_RUNS:-400}"
