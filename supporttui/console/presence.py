"""Tells the others which ticket is open here, learns where they are, and keeps what has been seen.

Once a beat, beside everything else: it reads and writes a file of its own, so
it makes no console read the store, and what can't be had is simply not shown.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from supporttui.desk import presence
from supporttui.desk.presence import RENEW, Circle, Here
from supporttui.store.presence import Lease

from .dialogs.dialog import Dialog
from .present import company
from .present.company import Company

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.desk.session import Desk

REST = timedelta(seconds=2)  # that a ticket has to stay on screen before one counts as its reader
LONG_AWAY = timedelta(minutes=15)  # without a key nobody reads, whatever is on the screen


class At(NamedTuple):
    """Where this console is: a ticket (0: none) and the verb that is being written ("": reading)."""

    ticket: int = 0
    doing: str = ""


class Found(NamedTuple):
    """What a beat brought.  unseen: None when nothing was asked."""

    leases: tuple[Lease, ...] | None
    unseen: frozenset[int] | None


class Beside:
    """Presence of one console."""

    def __init__(self, app: ConsoleApp) -> None:
        self.app = app
        self.console = secrets.token_hex(8)
        self._circle = Circle()
        self._at = At()
        self._began = self._since = app.shift.now()
        self._said_at: datetime | None = None
        self._beats = 0
        self._rests: tuple[int, datetime] = (0, app.shift.now())
        self._sight: tuple[tuple[int, int], datetime] = ((0, 0), app.shift.now())
        self._asked: frozenset[tuple[int, int]] = frozenset()
        self._unseen: frozenset[int] = frozenset()

    async def beat(self) -> None:
        """Say where we are when that is due, look where the others are, show what became different."""
        now = self.app.shift.now()
        lease, leaves = self._to_say(now)
        saw = self._to_see(now)
        rows = self._rows()
        asks = rows != self._asked or saw is not None
        numbers = [number for number, _ in rows] if asks else None
        me = self.console

        def work(desk: Desk) -> Found:
            if lease is not None:
                presence.say(desk, lease)
            elif leaves:
                presence.leave(desk, me)
            if saw is not None:
                presence.saw(desk, *saw)
            news = presence.unseen(desk, numbers) if numbers is not None else None
            return Found(presence.look(desk), news)

        found = await self.app.link.run(work)
        if found.leases is not None:
            self._circle.take(found.leases, now)
        if found.unseen is not None:
            self._asked, self._unseen = rows, found.unseen
        self._show(now)

    def end(self, desk: Desk) -> None:
        """The console ends: nobody has to wait for its lease to run out.  On the database thread."""
        presence.leave(desk, self.console)

    # -- where we are ---------------------------------------------------------------------------

    def _to_say(self, now: datetime) -> tuple[Lease | None, bool]:
        """The lease to write, or whether to take ours away."""
        at = self._where(now)
        if at != self._at:
            self._at, self._since, self._said_at = at, now, None
            if not at.ticket:
                return None, True
        if not at.ticket or (self._said_at is not None and abs(now - self._said_at) < RENEW):
            return None, False
        self._said_at = now
        self._beats += 1
        actor = self.app.shift.setting.actor
        return Lease(self.console, actor, at.ticket, at.doing, self._since, now, self._beats), False

    def _where(self, now: datetime) -> At:
        app = self.app
        top = app.screen
        if isinstance(top, Dialog):
            ticket, kind = getattr(top, "ticket", 0), getattr(top, "kind", "")
            if ticket and kind:
                return At(int(ticket), str(kind))
            verb = app.acting
            if verb is not None and verb.writes and verb.context == "ticket" and app.triage.number:
                return At(app.triage.number, verb.id)
            return At()
        number = app.triage.detail.number if top is app.triage and self._visible else 0
        if number != self._rests[0] or now < self._rests[1]:
            self._rests = (number, now)
        away = now - (app.shift.touched_at or self._began) > LONG_AWAY
        return At(number) if number and not away and now - self._rests[1] >= REST else At()

    @property
    def _visible(self) -> bool:
        return self.app.triage.detail.in_sight

    # -- what has been seen ---------------------------------------------------------------------

    def _to_see(self, now: datetime) -> tuple[int, int] | None:
        """The ticket and the newest entry that has rested in sight, when it is not known yet."""
        detail = self.app.triage.detail
        in_sight = detail.newest_in_sight() if self.app.screen is self.app.triage and self._visible else 0
        sight = (detail.number, in_sight)
        if sight != self._sight[0] or now < self._sight[1]:
            self._sight = (sight, now)
        if not in_sight or now - self._sight[1] < REST or in_sight <= detail.marked:
            return None
        detail.saw(in_sight)
        return sight

    def _rows(self) -> frozenset[tuple[int, int]]:
        """The rows that are held, each with the version that it had when its news was asked for."""
        held = self.app.triage.queue.list.held.rows
        rows = {(number, row.version) for number, row in held.items()}
        subject = self.app.triage.detail.subject
        if subject is not None:
            rows.add((subject.ticket.number, subject.ticket.version))
        return frozenset(rows)

    # -- what is shown --------------------------------------------------------------------------

    def _show(self, now: datetime) -> None:
        """Repaint the cells that read otherwise; nothing when nobody came, went or began to write."""
        shift = self.app.shift
        here = _by_ticket(self._circle.here(now, without=self.console, actor=shift.setting.actor))
        found = Company(here, self._unseen)
        differs = _shape(found) != _shape(shift.company)
        shift.company = found
        if differs:
            self.app.triage.queue.list.paint()
        self.app.triage.detail.rule.paint()
        top = self.app.screen
        if isinstance(top, Dialog):
            top.tell_beside(company.sentence(found.on(self._at.ticket), shift.setting, too=self._at.doing))


def _shape(found: Company) -> Any:
    """What a row shows of it, which is not for how long."""
    return found.unseen, {
        number: [(one.actor, one.doing) for one in here] for number, here in found.here.items()
    }


def _by_ticket(here: Iterable[Here]) -> dict[int, list[Here]]:
    found: dict[int, list[Here]] = {}
    for one in here:
        found.setdefault(one.ticket, []).append(one)
    return found
