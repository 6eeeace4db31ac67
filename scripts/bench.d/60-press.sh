#!/bin/sh
# Documents from command to stored bytes, and what the press's worker costs.
exec "$LIUHEN_BIN/liuhen-bench" press --root . --directory "$LIUHEN_BENCH"
