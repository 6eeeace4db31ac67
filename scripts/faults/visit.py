#!/usr/bin/env python3
"""Works a while at a demonstration that is served: visit.py PORT. A case, a printed document, files, a look."""
import os
import random
import sys

from outside import OFFICERS, Caller, Life, Log, people

port = int(sys.argv[1])
caller = Caller(port, OFFICERS[0])
caller.make_token()
life = Life(caller, people(caller), random.Random(1), Log(os.devnull))
for life.rounds in (0, 1):
    life.round()
print("visited: two cases, a printed document, files and looks")
