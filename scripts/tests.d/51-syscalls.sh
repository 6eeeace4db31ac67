#!/bin/sh
# Some of the calls by which ledger and vault write, broken; LIUHEN_SEED repeats a run.
exec python3 scripts/faults/syscalls.py --runs 36 --seconds 75
