#!/bin/sh
# Ten power cuts at seeded moments; LIUHEN_SEED repeats a run.
exec python3 scripts/faults/power_cut.py --points 10 --control 5
