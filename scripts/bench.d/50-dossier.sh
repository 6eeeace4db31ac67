#!/bin/sh
# A dossier of 500 entries with documents and without media, verified by the program that outsiders use.
exec python3 scripts/bench/dossier.py
