#!/bin/sh
# A hundred power cuts at seeded moments; LIUHEN_SEED repeats a run.
exec python3 scripts/faults/power_cut.py --points "${LIUHEN_POINTS:-100}"
