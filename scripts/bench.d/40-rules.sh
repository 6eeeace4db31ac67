#!/bin/sh
# Reading all rule files, and the evaluation of a long case.
exec "$LIUHEN_BIN/liuhen-bench" rules --root .
