"""Empties the outbox: one message at a time, the most urgent first, by the one process that leads.

Invariant: a notice is claimed before it is handed over and marked sent after it,
each in a transaction of its own, so a sender killed at any instant loses nothing
and leaves at most one notice that may be told twice, marked as such.

Notices for consoles ("desk", "console:NAME") are not sent from here: consoles
show them.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from supporttui.desk.act import fetch
from supporttui.desk.session import Desk
from supporttui.errors import NotFound
from supporttui.store import notices
from supporttui.store.leader import Lead
from supporttui.store.records import Notice, Ticket

from .channels.helper import Result
from .channels.message import Message, compose

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
GIVE_UP = timedelta(
    days=3
)  # a receiver that took nothing for so long: dead letter, visible until somebody acts
LIMIT = 125.0  # seconds that any one delivery may take; channels have shorter ones of their own
AT_CONSOLES = ("desk", "console:")


class Deliverer(Protocol):
    """Hands messages over; `channels.helper.Helper` is one."""

    def deliver(self, message: Message, limit: float) -> Result: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: which notices it told, and how it ended."""

    notices: tuple[Notice, ...]
    result: Result
    next_at: datetime | None


class Sender:
    """One process's part in emptying the outbox.

    zone: for times in messages.  token: makes what acknowledges a notice by reply.
    """

    def __init__(
        self, desk: Desk, deliverer: Deliverer, zone: tzinfo, *, token: Callable[[Notice], str] | None = None
    ) -> None:
        self._desk = desk
        self._deliverer = deliverer
        self._zone = zone
        self._token = token
        self.lead = Lead(desk.store)
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    def takes(self, desk: Desk) -> None:
        """Go on with another policy, on the same store."""
        self._desk = desk

    def send(self, *, most: int = 50, stop: Callable[[], bool] = lambda: False) -> list[Delivery]:
        """Try what is due to be tried, at most so many messages; nothing when another process leads."""
        done: list[Delivery] = []
        if notices.next_try(self._desk.store) is None or not self.lead.take():
            return done
        while len(done) < most and not stop():
            claimed = notices.claim(self._desk.store, self._desk.now(), by=self.name)
            if not claimed:
                break
            done.append(self._deliver(claimed))
        return done

    def _deliver(self, claimed: Sequence[Notice]) -> Delivery:
        result = self._deliverer.deliver(self._message(claimed), LIMIT)
        now, ids = self._desk.now(), [notice.id for notice in claimed]
        next_at = None
        if result.taken:
            notices.sent(self._desk.store, ids, now)
        else:
            next_at = retry_at(claimed, result, now)
            with self._desk.store.writing():
                notices.failed(self._desk.store, ids, result.why, next_at=next_at)
                if next_at is not None:
                    notices.hold_back(self._desk.store, claimed[0].address, next_at)
        return Delivery(tuple(claimed), result, next_at)

    def _message(self, claimed: Sequence[Notice]) -> Message:
        policy = self._desk.policy
        return compose(
            claimed, self._ticket(claimed[0].ticket), desk=policy.vendor.name,
            titles={role.name: role.title or role.name for role in policy.roles},
            zone=self._zone, now=self._desk.now(), token=self._token(claimed[0]) if self._token else "",
        )  # fmt: skip

    def _ticket(self, number: int) -> Ticket | None:
        try:
            return fetch(self._desk, number)
        except NotFound:
            return None


def retry_at(claimed: Sequence[Notice], result: Result, now: datetime) -> datetime | None:
    """When to try again: 15 s, doubled up to an hour; None when it never will be taken, or after three days."""
    oldest = min(notice.made_at for notice in claimed)
    if not result.again or now - oldest > GIVE_UP:
        return None
    attempts = max(notice.attempts for notice in claimed)
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 10)
    return now + min(doubled, LONGEST_WAIT)
