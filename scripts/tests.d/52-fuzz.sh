#!/bin/sh
# 20,000 inputs for every parser; LIUHEN_SEED repeats a run.
LIUHEN_FUZZ_RUNS=20000 exec scripts/soak.d/30-fuzz.sh
