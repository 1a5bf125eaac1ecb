"""Writing to many tickets: slice by slice, so that the screen lives, progress is told and Esc ends it.

Every ticket stands or falls alone and all of them are one batch: what is done
when Esc comes stays done, and one undo takes all of it back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from supporttui.errors import SupportError
from supporttui.quickclass import dataclass
from supporttui.store.records import Ticket

from .shift import Running

if TYPE_CHECKING:
    from supporttui.desk.session import Desk

    from .work import Job, Target, Work

MANY = 20  # tickets above which a typed word is asked for
SLICE = 0.15  # seconds of writing between two looks at the keys


@dataclass(frozen=True, slots=True)
class Failure:
    """A ticket that could not be changed, and why."""

    number: int
    subject: str
    why: str


class Bulk:
    """One action on some tickets.  `step` runs on the database thread, `stop` comes from any other."""

    def __init__(self, targets: Sequence[Target], act: Callable[[Job], Ticket]) -> None:
        self._targets, self._act = targets, act
        from supporttui.desk.act import new_batch

        self._batch = new_batch()
        self._stopped = threading.Event()
        self._at = 0
        self.done: list[int] = []
        self.failed: dict[int, str] = {}

    @property
    def over(self) -> bool:
        return self._at >= len(self._targets) or self._stopped.is_set()

    @property
    def left(self) -> tuple[int, ...]:
        """Tickets that were not come to before it was stopped."""
        return tuple(target.number for target in self._targets[self._at :])

    @property
    def tried(self) -> int:
        return self._at

    @property
    def asked(self) -> int:
        return len(self._targets)

    def stop(self) -> None:
        """End after the ticket that is being written."""
        self._stopped.set()

    def step(self, desk: Desk) -> None:
        """Write tickets until the time is up: one transaction, in which each stands or falls alone.

        When the transaction itself fails, none of them is written.
        """
        from .work import Job

        until, at = time.monotonic() + SLICE, self._at
        done: list[int] = []
        failed: dict[int, str] = {}
        with desk.store.write():
            while at < len(self._targets) and not (self._stopped.is_set() and at > self._at):
                target = self._targets[at]
                try:
                    with desk.store.write():
                        self._act(Job(desk, target.number, target.seen, self._batch))
                    done.append(target.number)
                except SupportError as error:
                    failed[target.number] = str(error)
                at += 1
                if time.monotonic() >= until:
                    break
        self._at = at
        self.done += done
        self.failed |= failed


async def write_many(
    work: Work, what: str, targets: Sequence[Target], act: Callable[[Job], Ticket], said: str
) -> str:
    """Write slice by slice and tell how it went; returns "" unless nothing at all was changed."""
    bulk, shift, trouble = Bulk(targets, act), work.app.shift, ""
    try:
        while not bulk.over:
            wrong = await work.busy(what, bulk.step)
            trouble = wrong or ""
            if trouble and not bulk.tried:
                return trouble
            if trouble:
                break
            shift.running = Running(f"{what}: {bulk.tried} of {len(targets)}, Esc stops", bulk.stop)
            work.screen.paint_bars("footer")
    finally:
        shift.running = None
    rows = work.screen.queue.list.held.rows
    shown = [number for number in bulk.done if number in rows]
    outcome = await work.read(lambda desk: work.outcome(desk, shown))
    if outcome is not None:
        work.settle(outcome)
    if bulk.done:
        work.written()
    await _tell(work, bulk, said, trouble)
    return ""


async def _tell(work: Work, bulk: Bulk, said: str, trouble: str) -> None:
    """How many were changed; those that were not stay marked, and a page says why.  trouble: what stopped it."""
    asked = bulk.asked
    if not bulk.failed and not bulk.left:
        work.app.say(of_many(said, asked, asked), "good")
        return
    work.mark_only((*bulk.failed, *bulk.left))
    words = of_many(said, len(bulk.done), asked)
    if bulk.left:
        words += f"; {trouble or 'stopped'}, {len(bulk.left)} were left and stay marked"
    if not bulk.failed:
        work.app.say(words, "warning")
        return
    failures = await _failures(work, bulk)
    words += f"; {len(failures)} could not be done and stay marked"
    work.app.say(words, "warning", [f"{one.number} {one.subject}: {one.why}" for one in failures])
    from .dialogs.failures import Failures

    await work.ask(work.app.dialog(Failures).prepare(words, failures))


async def _failures(work: Work, bulk: Bulk) -> list[Failure]:
    from supporttui.desk import look

    found = await work.read(lambda desk: look.lines(desk, list(bulk.failed))) or []
    subjects = {row.number: row.subject for row in found}
    return [Failure(number, subjects.get(number, ""), why) for number, why in bulk.failed.items()]


def of_many(said: str, done: int, asked: int) -> str:
    """ "owner root: 5 tickets", or "owner root: 3 of 5 tickets"; `said` may begin with how many were asked for."""
    words = said.removeprefix(f"{asked} tickets: ")
    return f"{words}: {done} tickets" if done == asked else f"{words}: {done} of {asked} tickets"
