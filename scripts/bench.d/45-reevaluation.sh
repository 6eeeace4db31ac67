#!/bin/sh
# Open cases judged anew after a changed calendar, and pages meanwhile; extrapolated to 100,000 cases.
exec "$LIUHEN_BIN/liuhen-bench" reevaluation --root . --directory "$LIUHEN_BENCH" --cases "${LIUHEN_BENCH_CASES:-5000}"
