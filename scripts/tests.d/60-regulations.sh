#!/bin/sh
# Every row of every regulation: its histories, every change of it against them, and what is covered.
set -eu
cd "$(dirname "$0")/../.."
bin=$(swift build --show-bin-path)
"$bin/liuhen" regulation mutate
"$bin/liuhen" regulation coverage
