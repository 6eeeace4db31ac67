"""Reads the subscribed calendar of 55-api.sh with a foreign library, as a telephone would.

terms.py SITE: makes an address on the page of a demonstration's officer, reads it without a session, checks that it is a
valid calendar whose terms are those of the work list, and that its end is one.
"""

import datetime
import html
import re
import sys

import icalendar
import requests

site = sys.argv[1]
bureau = f"{site}/b/qinghe"


def fields(page, *names):
    found = {}
    for name in names:
        value = re.search(rf'name="{name}" value="([^"]*)"', page)
        if not value:
            sys.exit(f"no field {name} on the page")
        found[name] = html.unescape(value.group(1))
    return found


session = requests.Session()
page = session.get(f"{bureau}/sign-in").text
session.post(
    f"{bureau}/sign-in", data={**fields(page, "form-token"), "account": "zhou", "secret": "demo-zhou-2026"})
page = session.get(f"{bureau}/account/calendar").text
made = session.post(
    f"{bureau}/account/calendar", data={**fields(page, "form-token", "command"), "secret": "demo-zhou-2026"}).text
address = re.search(r"<code>(http[^<]*\.ics)</code>", made)
if not address:
    sys.exit("no address was shown")
answer = requests.get(address.group(1))
if answer.status_code != 200:
    sys.exit(f"the calendar was answered {answer.status_code}")
if any(len(line) > 75 for line in answer.content.split(b"\r\n")):
    sys.exit("a line is longer than 75 octets")
calendar = icalendar.Calendar.from_ical(answer.content)
if calendar.errors or any(part.errors for part in calendar.walk()):
    sys.exit(f"errors: {[part.errors for part in calendar.walk()]}")
events = calendar.walk("VEVENT")
zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
if zones != ["Asia/Shanghai"] or calendar.walk("VTIMEZONE")[0].to_tz().utcoffset(
    datetime.datetime(2026, 7, 1)
) != datetime.timedelta(hours=8):
    sys.exit("the zone is not China's")
ids = {str(event["UID"]) for event in events}
if not events or len(ids) != len(events):
    sys.exit(f"{len(events)} events with {len(ids)} names")
if icalendar.Calendar.from_ical(calendar.to_ical()).to_ical() != calendar.to_ical():
    sys.exit("it does not read back as it is written")
work = session.get(f"{bureau}/", params={"term": "dated"}).text
for event in events:
    title = str(event["SUMMARY"]).removeprefix("已逾期：")
    if html.escape(title) not in work:
        sys.exit(f"not on the work list: {title}")
    if not event.walk("VALARM"):
        sys.exit(f"nothing calls it to mind: {title}")
    if not str(event["URL"]).startswith(f"{bureau}/"):
        sys.exit(f"it leads nowhere: {title}")
page = session.get(f"{bureau}/account/calendar").text
token = re.search(r'name="token" value="([0-9a-f]{32})"', page).group(1)
session.post(f"{bureau}/account/calendar/revocation", data={**fields(page, "form-token"), "token": token})
if requests.get(address.group(1)).status_code != 404:
    sys.exit("a revoked address is still read")
print(f"calendar: {len(events)} terms")
