#!/bin/sh
# Leaf hashes and proofs on one thread, beside openssl.
exec "$LIUHEN_BIN/liuhen-bench" hashing
