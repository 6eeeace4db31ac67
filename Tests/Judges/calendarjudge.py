"""Compares our working days with the package chinesecalendar, which we did not write.

    calendarjudge.py FILE

FILE has a line for each day, "2026-01-01 0", 1 if the day is worked. Exits 0 and prints "ok DAYS", or 1 with the
days that differ.
"""

import datetime
import sys

import chinese_calendar

wrong, days = [], 0
with open(sys.argv[1], encoding="ascii") as file:
    for line in file:
        day, worked = line.split()
        days += 1
        if chinese_calendar.is_workday(datetime.date.fromisoformat(day)) != (worked == "1"):
            wrong.append(day)
if wrong:
    sys.exit("differs: " + " ".join(wrong))
print("ok", days)
