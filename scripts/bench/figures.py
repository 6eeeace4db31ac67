"""The figures that are demanded: for each its name, its unit, and what is asked of its median.

RATIO: the median over rounds of sample / baseline, both measured in the same round, is at least the demand.
LEAST: the median is at least the demand. MOST: the median is at most the demand. SHOWN: nothing is demanded.
"""
import collections

RATIO, LEAST, MOST, SHOWN = "ratio", "least", "most", "shown"
Figure = collections.namedtuple("Figure", "words unit kind demand")

FIGURES = {
    "ingest-put": Figure("ingest of 2 GiB, one PUT by curl", "MB/s", RATIO, 0.9),
    "ingest-tus-64": Figure("ingest of 2 GiB, tus PATCHes of 64 MiB", "MB/s", RATIO, 0.8),
    "ingest-tus-8": Figure("ingest of 2 GiB, tus PATCHes of 8 MiB", "MB/s", RATIO, 0.6),
    "ingest-memory": Figure("server memory over all ingests, high water", "MiB", MOST, 128),
    "lone-rate": Figure("lone entry, durable, signed, locked", "/s", RATIO, 0.3),
    "lone-p99": Figure("the same, p99", "ms", MOST, 5),
    "lone-syncs": Figure("the same, fdatasync for each entry", "", LEAST, 2),
    "writers-32": Figure("32 writers, entries of 1 KiB with rows", "/s", LEAST, 10_000),
    "writers-32-cost": Figure("the same, processor time of an entry", "us", SHOWN, None),
    "writers-32-thread": Figure("the same, of the one thread that writes", "us", SHOWN, None),
    "steps-http": Figure("whole steps over HTTP", "/s", LEAST, 300),
    "steps-http-p95": Figure("the same, p95", "ms", SHOWN, None),
    "tree": Figure("verify: tree, chains, heads, two threads", "leaves/s", LEAST, 800_000),
    "content": Figure("verify: content too, two threads", "entries/s", LEAST, 60_000),
    "inclusion": Figure("inclusion proofs at random places", "/s", LEAST, 250_000),
    "consistency": Figure("consistency proofs from random sizes", "/s", LEAST, 180_000),
    "leaf-256": Figure("leaf hash of 256 bytes", "/s", LEAST, 3_200_000),
    "leaf-1024": Figure("leaf hash of 1 KiB", "/s", RATIO, 0.85),
    "dossier": Figure("dossier of 500 entries verified", "s", MOST, 0.4),
    "pdf-p50": Figure("two-page PDF, command to stored, p50", "ms", MOST, 25),
    "pdf-p99": Figure("the same, p99", "ms", MOST, 50),
    "pdf-cold": Figure("the same, first after a start", "s", MOST, 1),
    "press-before": Figure("press workers before the first document", "", MOST, 0),
    "press-after": Figure("press workers left when idle", "", MOST, 0),
    "press-memory": Figure("press worker, high water", "MiB", MOST, 450),
    "first-page": Figure("process start to first page", "s", MOST, 0.5),
    "server-idle": Figure("server memory, idle", "MiB", MOST, 80),
    "evaluation": Figure("full evaluation of a case of 200 entries", "ms", MOST, 2),
    "evaluation-law": Figure("the same with the parent law beside", "ms", SHOWN, None),
    "evaluation-next": Figure("the same after one new entry", "ms", MOST, 0.3),
    "evaluation-next-worst": Figure("the same, entry that touches most", "ms", SHOWN, None),
    "reevaluation": Figure("100,000 open cases judged anew, extrapolated", "min", MOST, 5),
    "reevaluation-page": Figure("a case page's work alone, p95, beside the same meanwhile", "ms", RATIO, 0.8),
    "years-made": Figure("three years made, 4 million entries", "min", MOST, 30),
    "years-verified": Figure("the same, checked whole", "min", SHOWN, None),
    "years-rebuilt": Figure("the same, projections rebuilt", "min", MOST, 10),
    "years-search-recall": Figure("search: substrings of 2 to 6 characters found", "%", LEAST, 100),
    "years-search-precision": Figure("search: hits that hold the words", "%", LEAST, 100),
    "years-search-p95": Figure("search, the query alone, p95", "ms", SHOWN, None),
    "years-due": Figure("due and overdue, the query alone, p95", "ms", MOST, 5),
    "years-rate": Figure("32 signed in: list, work list, search", "/s", LEAST, 1500),
    "years-list-p95": Figure("the same, list of 100, p95", "ms", MOST, 30),
    "years-work-p95": Figure("the same, work list, p95", "ms", MOST, 30),
    "years-search-page-p95": Figure("the same, search, p95", "ms", MOST, 30),
    "years-case-p95": Figure("case page, 32 signed in, p95", "ms", MOST, 50),
    "years-cost": Figure("processor time of one of the lists", "ms", SHOWN, None),
    "years-case-cost": Figure("processor time of a case page", "ms", SHOWN, None),
    "years-memory": Figure("server memory under that load, high water", "MiB", SHOWN, None),
    "rules-load": Figure("reading and checking all rule files", "ms", MOST, 300),
}
