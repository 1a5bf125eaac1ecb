"""The real incidents lived through with their own clock: every rung that is owed fires once, at its instant, none else.

The count comes from the raw file by plain Python (tests/unit/intake/count_incidents.py).
"""

from __future__ import annotations

import re
import runpy
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import change
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import deadlines, notices, open_store
from supporttui.watch.tick import tick

ROOT = Path(__file__).resolve().parents[3]
LOG = ROOT.parent / "shared" / "data" / "uci_incidents.csv.gz"
INDEPENDENT = runpy.run_path(str(ROOT / "tests" / "unit" / "intake" / "count_incidents.py"))
STATUSES = '["new", "open", "waiting-customer", "waiting-vendor", "resolved", "closed"]'
# The log's own workflow was looser than NetEx's: it has rows that go from resolved back to new.
POLICY = re.sub(r"(?m)^moves = .*$", f"moves = {STATUSES}", preset_text("netex"))
AFTER = timedelta(days=70)  # the longest rung is 60 days

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the incident log is not here")


class Replay:
    """A desk whose clock goes from event to event, firing whatever is due on the way."""

    def __init__(self, start: datetime) -> None:
        self.clock = ManualClock(start)
        self.desk = Desk(open_store(":memory:"), read_policy(POLICY, "policy.toml"), self.clock, "replay")
        self.numbers: dict[str, int] = {}
        self.fired: list[tuple[int, str, datetime]] = []

    def goes_to(self, at: datetime) -> None:
        while (due := deadlines.next_due(self.desk.store)) is not None and due < at:
            self.clock.set(max(due, self.clock.now()))
            self.looks()
        self.clock.set(at)

    def looks(self) -> None:
        done = tick(self.desk)
        self.fired += [(rung.ticket, rung.role, done.at) for rung in done.fired if rung.kind == "escalation"]

    def reports(self, case: str, severity: int) -> None:
        new = NewTicket(subject=case, severity=severity, customer="x", external_id=case)
        self.numbers[case] = report(self.desk, new).number

    def becomes(self, case: str, status: str, severity: int) -> None:
        number = self.numbers[case]
        with self.desk.store.write():  # one row of the log is one change
            ticket = change.set_severity(self.desk, number, severity)
            if ticket.status != status:
                change.set_status(self.desk, number, status)


def test_every_owed_rung_fires_once_at_its_instant_and_none_else() -> None:
    cases = INDEPENDENT["raw_cases"](LOG)
    steps = []
    for case, rows in cases.items():
        reported = min(rows[0][0], *(row[3] for row in rows))
        steps.append((reported, 0, case, "", rows[0][2]))
        steps += [
            (at, 1 + place, case, status, severity) for place, (at, status, severity, _) in enumerate(rows)
        ]
    steps.sort(key=lambda step: (step[0], step[2], step[1]))
    until = steps[-1][0] + AFTER
    replay = Replay(steps[0][0])
    for at, place, case, status, severity in steps:
        replay.goes_to(at)
        if place:
            replay.becomes(case, status, severity)
        else:
            replay.reports(case, severity)
        replay.looks()
    replay.goes_to(until)
    owed = {
        (replay.numbers[case], role, at)
        for case, found in INDEPENDENT["count"](LOG, until, ()).items()
        for role, at in found["told"].items()
    }
    assert len(cases) == 890
    assert len(replay.fired) == len(set(replay.fired))
    assert set(replay.fired) == owed
    assert len(owed) > 400
    told = {notice.ticket for notice in notices.waiting(replay.desk.store, 10_000)}
    assert told == {number for number, _, _ in owed}
    replay.desk.store.close()
