"""What an import of the incident log must give, counted from the raw file with nothing of ours.

    python tests/unit/intake/count_incidents.py ../shared/data/uci_incidents.csv.gz [UNTIL]

Plain Python over the CSV: no code of the product is used, so that a fault of
the product can't hide in its own check.  The ladder is NetEx's published table,
counted from the initial report to the letter: being resolved for a while forgives nothing.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import sys
from datetime import UTC, datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LADDER = {
    1: {"director": 8 * HOUR, "president": 24 * HOUR},
    2: {"director": 3 * DAY, "president": 7 * DAY},
    3: {"director": 10 * DAY, "president": 14 * DAY},
    4: {"director": 45 * DAY, "president": 60 * DAY},
}
STATUS = {
    "New": "new",
    "Active": "open",
    "Awaiting User Info": "waiting-customer",
    "Awaiting Vendor": "waiting-vendor",
    "Awaiting Problem": "waiting-vendor",
    "Awaiting Evidence": "waiting-vendor",
    "Resolved": "resolved",
    "Closed": "closed",
}
ENDED = ("resolved", "closed")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def raw_cases(path) -> dict[str, list[tuple[datetime, str, int, datetime]]]:
    """Case → (time, status, severity, opened) of its rows, in order of time."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        cases: dict[str, list[tuple[datetime, str, int, datetime]]] = {}
        for row in csv.DictReader(stream):
            opened = instant(json.loads(row["extra"])["opened_at"])
            step = (instant(row["time"]), STATUS[row["status"]], int(row["priority"][0]), opened)
            cases.setdefault(row["case"], []).append(step)
    for steps in cases.values():
        steps.sort(key=lambda step: step[0])
    return cases


def count(path, until: datetime, standing: tuple[str, ...] = ()) -> dict[str, dict]:
    """For every case: events, reopenings, seconds of waiting, rungs told, and whether it is overdue.

    until: rows after it are left out, and the clock stands there.  standing: statuses
    in which the ladder's clock stands still (none in NetEx's policy).
    """
    found = {}
    for case, rows in raw_cases(path).items():
        seen = [row for row in rows if row[0] <= until]
        if seen:
            found[case] = count_case(seen, until, standing)
    return found


def count_case(rows, until: datetime, standing: tuple[str, ...]) -> dict:
    reported = min(rows[0][0], *(row[3] for row in rows))
    # Spans between changes: (from, to, status, severity).  Before its first row a case is new.
    points = [(reported, "new", rows[0][2]), *((at, status, severity) for at, status, severity, _ in rows)]
    ends = [at for at, _, _ in points[1:]] + [max(until, rows[-1][0])]
    spans = [(at, end, status, severity) for (at, status, severity), end in zip(points, ends, strict=True)]
    stops, waiting, told = [], timedelta(), {}
    for begin, end, status, severity in spans:
        if status.startswith("waiting"):
            waiting += end - begin
        if status in standing:
            stops.append((begin, end))
        if status in ENDED:
            continue
        for role, after in LADDER[severity].items():
            due = run_out(reported, after, stops)
            if role not in told and due <= end:
                told[role] = max(due, begin)
    statuses = [status for _, status, _ in points]
    is_open = statuses[-1] not in ENDED
    return {
        "reported": reported,
        "events": len(rows),
        "reopened": sum(a in ENDED and b not in ENDED for a, b in itertools.pairwise(statuses)),
        "waiting": int(waiting.total_seconds()),
        "status": statuses[-1],
        "severity": points[-1][2],
        "told": told,
        "overdue": is_open and bool(told),
        "open": is_open,
    }


def run_out(reported: datetime, after: timedelta, stops) -> datetime:
    """When a clock that began at the report and stood still in `stops` has run for `after`."""
    due = reported + after
    for begin, end in stops:
        if due > begin:
            due += end - begin
    return due


def totals(found: dict[str, dict]) -> dict[str, int]:
    return {
        "tickets": len(found),
        "events": sum(each["events"] for each in found.values()),
        "reopenings": sum(each["reopened"] for each in found.values()),
        "seconds waiting": sum(each["waiting"] for each in found.values()),
        "rungs told": sum(len(each["told"]) for each in found.values()),
        "open": sum(each["open"] for each in found.values()),
        "overdue": sum(each["overdue"] for each in found.values()),
    }


if __name__ == "__main__":
    moment = instant(sys.argv[2]) if len(sys.argv) > 2 else datetime.now(UTC)
    for name, number in totals(count(sys.argv[1], moment)).items():
        print(f"{number:>12,}  {name}")
