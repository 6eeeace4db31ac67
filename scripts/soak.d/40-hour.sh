#!/bin/sh
# One hour at 60 requests a second mixed with writes: no 5xx, flat memory. LIUHEN_MINUTES shortens it.
exec python3 scripts/load/hour.py
