#!/bin/sh
# Three years of a bureau: making them, checking them, rebuilding the projections, and 32 people at work in them.
#
# LIUHEN_CASES is how many cases there are (10000; the figures that are demanded speak of 100000), LIUHEN_YEARS keeps the
# directory for the next run.
exec python3 scripts/bench/years.py
