"""Compares our working days with the package chinesecalendar, which we did not write.

    calendarjudge.py FILE

FILE has a line for each day, "2026-01-01 0", 1 if the day is worked. Exits 0 and prints "ok DAYS", or 1 with the
days that differ.
"""

import datetime
import sys

import chinese_calendar

# The one day on which the package is not as published: the notice for 2006 (国办发明电〔2005〕35号) has Saturday
# 31 December 2005 worked; the package has nothing for it. A day that stops differing is reported too.
PUBLISHED = {"2005-12-31": "1"}

wrong, days, seen = [], 0, set()
with open(sys.argv[1], encoding="ascii") as file:
    for line in file:
        day, worked = line.split()
        days += 1
        seen.add(day)
        agrees = chinese_calendar.is_workday(datetime.date.fromisoformat(day)) == (worked == "1")
        if agrees == (day in PUBLISHED) or worked != PUBLISHED.get(day, worked):
            wrong.append(day)
if wrong or len(seen) != days:
    sys.exit("differs: " + " ".join(wrong))
print("ok", days)
