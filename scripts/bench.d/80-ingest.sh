#!/bin/sh
# Evidence through HTTP beside cat, sync and openssl. LIUHEN_BENCH_MIB for a smaller file than 2 GiB.
exec python3 scripts/bench/ingest.py
