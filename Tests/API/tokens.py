"""Makes the access tokens of 55-api.sh through the account page of a demonstration, as its people would, and names a case
and a document for the judge to ask about.

tokens.py SITE DIRECTORY: writes `read`, `record` (tokens) and `known.toml` (the judge's configuration with known ids).
"""

import html
import re
import sys
from pathlib import Path

import requests

site, directory = sys.argv[1], Path(sys.argv[2])
bureau = f"{site}/b/qinghe"


def fields(page, *names):
    found = {}
    for name in names:
        value = re.search(rf'name="{name}" value="([^"]*)"', page)
        if not value:
            sys.exit(f"no field {name} on the page")
        found[name] = html.unescape(value.group(1))
    return found


def token(session, scopes):
    page = session.get(f"{bureau}/account/tokens").text
    made = session.post(
        f"{bureau}/account/tokens",
        data={**fields(page, "form-token", "command"), "label": "接口检验", "days": "1", "scopes": scopes,
              "secret": "demo-zhou-2026"},
    )
    shown = re.search(r"<code>(liuhen-[0-9a-f]{32}-[0-9a-f]{64})</code>", made.text)
    if made.status_code != 200 or not shown:
        sys.exit(f"no token was made: {made.status_code}")
    return shown.group(1)


session = requests.Session()
page = session.get(f"{bureau}/sign-in").text
sent = session.post(
    f"{bureau}/sign-in",
    data={**fields(page, "form-token"), "account": "zhou", "secret": "demo-zhou-2026"},
    allow_redirects=False,
)
if sent.status_code != 303:
    sys.exit(f"signing in was answered {sent.status_code}")
reading = ["readCases", "readDocuments", "readRules"]
read = token(session, reading)
record = token(session, reading + ["recordCases", "recordDocuments"])

api = f"{site}/api/v1/b/qinghe"
headers = {"Authorization": f"Bearer {record}"}
cases = requests.get(f"{api}/cases", params={"limit": 100}, headers=headers).json()["items"]
known = None
for case in sorted(cases, key=lambda case: case["state"] != "open"):
    documents = requests.get(f"{api}/cases/{case['case']}/documents", headers=headers).json()["items"]
    issued = [one for one in documents if "issued" in one["renditions"]]
    if issued:
        known = (case["case"], issued[0]["document"])
        break
if known is None:
    sys.exit("no case with an issued document")
(directory / "read").write_text(read)
(directory / "record").write_text(record)
base = Path("scripts/schemathesis.toml").read_text()
(directory / "known.toml").write_text(
    f'[parameters]\n"path.case" = "{known[0]}"\n"path.document" = "{known[1]}"\n"path.regulation" = "zhaoxian-2017"\n\n{base}'
)
