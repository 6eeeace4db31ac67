"""Follows every kind of address of a demonstration once as each of its people, desktop and phone, and judges each page.

Usage: crawl.py BASE OUT ROUTES

BASE is the address of a running demonstration, ROUTES the recorded list of the program's routes. A kind of address is a
route; of steps, documents and leads each name is a kind of its own. OUT receives pictures of each page in both sizes and,
in OUT/html, each page as it was served, for the validator. Judged are: the answer's status, axe, what sticks out sideways,
errors in the console, and whether the crawl saw as much as it has to see.
"""

import collections
import pathlib
import re
import sys
import urllib.parse

import populate
from accessibility import violations
from person import DESKTOP, PHONE, Person
from playwright.sync_api import sync_playwright

base = sys.argv[1].rstrip("/")
out = pathlib.Path(sys.argv[2])
served = out / "html"
served.mkdir(parents=True, exist_ok=True)


class Problems(list):
    """What was found, said at once: a crawl that is ended early has told what it saw."""

    def append(self, one):
        print(one, flush=True)
        super().append(one)

    def extend(self, more):
        for one in more:
            self.append(one)


problems = Problems()

# The least number of pages for each of the people, and of kinds among them all: a crawl that sees nothing has judged
# nothing. They grow with the program, and a page that is no longer led to is missed here.
LEAST = {"zhou": 125, "tang": 36, "gu": 22, "shen": 34, "jiang": 23, "admin": 17}
LEAST_KINDS = 175
# Routes to which no link of a page leads: by sending a form one comes there, in a state of the bureau that the demonstration
# does not have, or a program and not a person. A new route has to be led to, or to be named here.
UNREACHED = {
    "/assets/{file}", "/b/{bureau}/calendar/{file}", "/b/{bureau}/cases/{case}/looks/{look}",
    "/b/{bureau}/cases/{case}/looks/{look}/content", "/b/{bureau}/leads/{lead}/papers/{document}/looks/{look}",
    "/b/{bureau}/cases/{case}/penalty", "/b/{bureau}/notices",
    "/b/{bureau}/people/{person}/account", "/b/{bureau}/posts/end", "/b/{bureau}/regulations/changes/{change}",
    "/b/{bureau}/regulations/{regulation}/confirmation", "/b/{bureau}/requests/{request}/files/{file}/{look}",
    "/b/{bureau}/scans/{upload}", "/b/{bureau}/seconds/accounts/{person}", "/b/{bureau}/seconds/persons/{change}",
    "/b/{bureau}/sign-in", "/b/{bureau}/supervision/violations/{violation}/rectification", "/b/{bureau}/uploads",
    "/b/{bureau}/uploads/{upload}", "/health", "/ledger/{bureau}/log/{log}/checkpoint", "/ledger/{bureau}/log/{log}/tile/**",
    "/ledger/{bureau}/log/{log}/vkey", "/ledger/{bureau}/tile/**",
}
# What is the same for everybody is judged for the first who is led to it.
SAME_FOR_ALL = {
    "/components", "/ledger/{bureau}", "/b/{bureau}/interface", "/b/{bureau}/provisions/{provision}", "/b/{bureau}/search",
    "/b/{bureau}/regulations/{regulation}", "/b/{bureau}/regulations/comparison", "/b/{bureau}/account/calendar",
    "/b/{bureau}/account/tokens", "/b/{bureau}/scans",
}
# Links that are known to lead to a refusal: account and route, with the status.
REFUSED = {}


def routes(path):
    """Patterns of what a browser may GET, the most literal first."""
    found = []
    for line in pathlib.Path(path).read_text().splitlines():
        method, route, right = line.split()[:3]
        if method == "GET" and right != "[token]" and not route.startswith("/api/"):
            found.append(route)
    return sorted(found, key=lambda one: ([part.startswith("{") for part in one.split("/")], one))


def expression(route):
    return re.compile("^" + re.sub(r"\\\*\\\*", ".+", re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(route))) + "/?$")


class Crawl:
    """What was seen, by whom."""

    def __init__(self, patterns):
        self.patterns = [(expression(route), route) for route in patterns]
        self.kinds = {}
        self.routes = set()
        self.pages = collections.Counter()

    def kind(self, address):
        """The route of an address, and with it what tells forms of one route apart; None for what is no page of ours."""
        parts = urllib.parse.urlsplit(address)
        for pattern, route in self.patterns:
            if pattern.match(parts.path):
                query = urllib.parse.parse_qs(parts.query)
                named = [query["kind"][0]] if "kind" in query else []
                if route.endswith("/{step}"):
                    named.append(parts.path.rsplit("/", 1)[1])
                return route, " ".join([route, *named])
        return None

    def wants(self, account, seen, address):
        """Each of the people sees each route once, and all of them together each form once."""
        found = self.kind(address)
        if not found:
            return None
        route, kind = found
        # Cases differ by how far they are, and lead to different forms.
        own = urllib.parse.urlsplit(address).path if route == "/b/{bureau}/cases/{case}" else route
        if kind in self.kinds and (own in seen or route in SAME_FOR_ALL):
            return None
        seen.add(own)
        return kind


def links(page):
    """Where the page leads, in the order in which it says so."""
    return page.evaluate(
        """() => [...document.querySelectorAll('a[href]')].map(one => one.href)
            .concat([...document.querySelectorAll('form[method=get]')].map(one => one.action))"""
    )


def judge(person, crawl, kind, address):
    """One page in both sizes."""
    page = person.page
    number = len(list(served.iterdir())) + 1
    name = f"{number:03d}-{person.account}-" + re.sub(r"[^\w]+", "-", kind.replace("{bureau}", "").replace("/b/", "")).strip("-")
    answer = page.goto(address)
    expected = REFUSED.get((person.account, kind), 200)
    if answer.status != expected:
        problems.append(f"{person.account}: {address} was answered {answer.status}, not {expected}")
    (served / f"{name}.html").write_bytes(answer.body())
    for size, suffix in ((DESKTOP, ""), (PHONE, "-phone")):
        page.set_viewport_size(size)
        # Forms of one route differ in their fields, which one size shows, and not in how they fold.
        if size == DESKTOP or kind.split(" ")[0] not in crawl.routes:
            problems.extend(violations(page, f"{name}{suffix} {address}"))
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            problems.append(f"{name}{suffix} {address} is {wide} wide on a window of {size['width']}")
        page.screenshot(path=str(out / f"{name}{suffix}.png"), full_page=True)
    page.set_viewport_size(DESKTOP)
    crawl.kinds.setdefault(kind, name)
    crawl.routes.add(kind.split(" ")[0])
    crawl.pages[person.account] += 1


def follow(person, crawl, start):
    """Breadth first, in the order of the links, so that two runs over the same demonstration see the same."""
    seen, waiting = set(), collections.deque(start)
    while waiting:
        address = waiting.popleft().split("#")[0]
        if not address.startswith(base + "/"):
            continue
        kind = crawl.wants(person.account, seen, address)
        if not kind:
            continue
        answer = None if "/looks/" in address else person.context.request.head(address)
        kind_of_content = answer.headers.get("content-type", "") if answer else ""
        if answer is not None and answer.status < 400 and not kind_of_content.startswith("text/html"):
            # Tables, calendars and the log itself are no pages.
            crawl.kinds.setdefault(kind, kind_of_content)
            continue
        judge(person, crawl, kind, address)
        waiting.extend(links(person.page))


def main():
    crawl = Crawl(routes(sys.argv[3]))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        addresses = populate.populate(base)
        for account in LEAST:
            person = Person(browser, base, account, out, problems)
            person.page.on(
                "response",
                lambda r: problems.append(f"{r.request.method} {r.url} was answered {r.status}") if r.status >= 500 else None,
            )
            home = [f"{base}/b/qinghe", f"{base}/components", f"{base}/ledger/qinghe", f"{base}/b/qinghe/interface"]
            follow(person, crawl, home + [base + one for one in addresses.get(account, [])])
            person.context.close()
        browser.close()
    for account, least in LEAST.items():
        print(f"{account}: {crawl.pages[account]} pages")
        if crawl.pages[account] < least:
            problems.append(f"{account} saw {crawl.pages[account]} pages, at least {least} are there")
    print(f"{len(crawl.kinds)} kinds of address")
    if len(crawl.kinds) < LEAST_KINDS:
        problems.append(f"{len(crawl.kinds)} kinds of address were seen, at least {LEAST_KINDS} are there")
    unreached = {route for _, route in crawl.patterns} - {kind.split(" ")[0] for kind in crawl.kinds}
    for route in sorted(unreached ^ UNREACHED):
        problems.append(f"{route} is {'led to by no page' if route in unreached else 'led to now: take it off the list'}")
    assert not problems, "\n".join(problems)


if __name__ == "__main__":
    main()
