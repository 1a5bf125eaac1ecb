"""The policy played through on a copy: what would be told, when, and to whom.

The clock is moved from one instant at which something is due to the next, so days
take seconds; nothing leaves the copy, and the store that was copied is not touched.
The same store, policy, roster and start give the same play, so it can be kept as a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from supporttui.clock import ManualClock
from supporttui.desk.session import Desk
from supporttui.store import deadlines, notices, windows
from supporttui.when import iso_z

from .channels.helper import Result
from .channels.message import Message
from .sender import AT_CONSOLES, Sender
from .tick import tick

ROUNDS = 100_000  # a policy that repeats for ever can't keep a rehearsal going


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as it would go out.  at: when (UTC); due: when its deadline was due.

    role, what: in which role and about what.  passed: who was passed over and why.
    """

    at: datetime
    ticket: int
    severity: int
    address: str
    person: str
    role: str
    what: str
    due: datetime
    passed: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "at": iso_z(self.at), "due": iso_z(self.due), "passed": list(self.passed)}


class _Dry:
    """A receiver of everything."""

    def deliver(self, message: Message, limit: float) -> Result:
        return Result(True, False, "rehearsed")


def rehearse(
    desk: Desk, until: datetime, progress: Callable[[datetime], None] = lambda _at: None
) -> Iterator[Told]:
    """Play the desk's clock from now to an instant; desk: on a copy, with a manual clock.

    Yields what would be told, in order.
    """
    clock = desk.clock
    assert isinstance(clock, ManualClock)
    sender = Sender(desk, _Dry(), ZoneInfo("UTC"))
    before = {notice.id for notice in notices.sent_at(desk.store, clock.now())}
    for _ in range(ROUNDS):
        tick(desk)
        while sender.send():
            pass
        _show_at_consoles(desk)
        yield from _sent(desk, clock.now(), before)
        progress(clock.now())
        ahead = _next(desk, clock.now())
        if ahead is None or ahead > until:
            break
        clock.set(ahead)
    sender.lead.give_up()


def _show_at_consoles(desk: Desk) -> None:
    """Somebody is taken to sit at a console: what is for consoles is told at once."""
    waiting = [one for one in notices.waiting(desk.store, 10_000) if one.address.startswith(AT_CONSOLES)]
    now = desk.now()
    notices.sent(desk.store, [one.id for one in waiting if one.next_at is None or one.next_at <= now], now)


def _sent(desk: Desk, at: datetime, before: set[int]) -> Iterator[Told]:
    for notice in notices.sent_at(desk.store, at):
        if notice.id in before or notice.kind == "letter":
            continue  # a letter to a customer is owed by no clock
        yield Told(
            at, notice.ticket, notice.severity, notice.address, notice.person, notice.role,
            notice.label or notice.kind, notice.due_at, tuple(notice.data.get("notes", ())),
        )  # fmt: skip


def _next(desk: Desk, now: datetime) -> datetime | None:
    """The next instant at which anything happens: a deadline, a held notice, the end of a window."""
    found = [deadlines.next_due(desk.store), notices.next_waiting(desk.store)]
    found += [one.end for one in windows.maintenance_at(desk.store, now)]
    ahead = [at for at in found if at is not None]
    return max(min(ahead), now + timedelta(seconds=1)) if ahead else None


def compare(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[str]:
    """What differs between a kept rehearsal and this one, a line each; nothing when they are alike."""
    before, after = ([_said(one) for one in side] for side in (expected, found))
    missing = [f"- {line}" for line in before if line not in after]
    added = [f"+ {line}" for line in after if line not in before]
    return missing + added


def _said(told: dict[str, Any]) -> str:
    return f"{told['at']} ticket {told['ticket']} S{told['severity']} {told['address']}: {told['role']}, {told['what']}"
