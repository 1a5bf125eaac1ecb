"""Empties the outbox: one message at a time, the most urgent first, by the one process that leads.

Invariant: a notice is claimed before it is handed over and marked sent after it,
each in a transaction of its own, so a sender killed at any instant loses nothing
and leaves at most one notice that may be told twice, marked as such.  How a delivery
ended is written before anything else is tried, however long the store is busy.

Notices for consoles ("desk", "console:NAME") are not sent from here: consoles
show them.
"""

from __future__ import annotations

import os
import socket
import time
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

from .channels import letter
from .channels.helper import Abandoned, Result
from .channels.message import Message, compose

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
# A receiver that took nothing for so long and so many times: dead letter, visible until somebody acts.
GIVE_UP, LEAST_ATTEMPTS = timedelta(days=3), 12
SLOW = 5.0  # a failure that took so many seconds: the channel is slow, others come first for a while
LIMIT = 125.0  # seconds that any one delivery may take; channels have shorter ones of their own
AT_CONSOLES = ("desk", "console:")


class Deliverer(Protocol):
    """Hands messages over; `channels.helper.Helper` is one.  Errors: Abandoned."""

    def deliver(self, message: Message, limit: float) -> Result: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: which notices it told, how it ended, when, how long it took, when the next one is."""

    notices: tuple[Notice, ...]
    result: Result
    at: datetime
    seconds: float
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
        self._unwritten: Delivery | None = None
        self.lead = Lead(desk.store)
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    def takes(self, desk: Desk) -> None:
        """Go on with another policy, on the same store."""
        self._desk = desk

    def send(self, *, most: int = 50, stop: Callable[[], bool] = lambda: False) -> list[Delivery]:
        """Try what is due to be tried, at most so many messages; nothing when another process leads."""
        done: list[Delivery] = []
        self._write_down()
        while len(done) < most and not stop():
            if notices.next_try(self._desk.store) is None or not self.lead.take():
                break
            claimed = notices.claim(self._desk.store, self._desk.now(), by=self.name)
            if not claimed:
                break
            try:
                self._unwritten = self._deliver(claimed)
            except Abandoned:
                break
            done.append(self._unwritten)
            self._write_down()
        return done

    def _deliver(self, claimed: Sequence[Notice]) -> Delivery:
        began = time.monotonic()
        result = self._deliverer.deliver(self._message(claimed), LIMIT)
        now = self._desk.now()
        next_at = None if result.taken else retry_at(claimed, result, now)
        return Delivery(tuple(claimed), result, now, time.monotonic() - began, next_at)

    def _write_down(self) -> None:
        """How the last delivery ended.  A busy store leaves it for the next call, never untold."""
        done = self._unwritten
        if done is None:
            return
        store, ids = self._desk.store, [notice.id for notice in done.notices]
        with store.writing():
            if done.result.taken:
                notices.sent(store, ids, done.at)
            else:
                self._write_failure(done)
        self._unwritten = None

    def _write_failure(self, done: Delivery) -> None:
        store, address = self._desk.store, done.notices[0].address
        lost = [one for one in done.notices if done.next_at is None or given_up(one, done.at)]
        kept = [one.id for one in done.notices if one not in lost]
        notices.failed(store, [one.id for one in lost], done.result.why, next_at=None)
        if lost:
            self._tell_desk(lost, done)
        if kept:
            notices.failed(store, kept, done.result.why, next_at=done.next_at, unsure=done.result.unsure)
        if done.next_at is not None:
            notices.hold_back(store, address, done.next_at)
            if done.seconds >= SLOW:
                notices.hold_back(store, address.partition(":")[0] + ":", done.at + FIRST_WAIT, all_of=True)

    def _tell_desk(self, lost: Sequence[Notice], done: Delivery) -> None:
        """Nobody waits for what nobody takes: whoever sits at a console hears of it."""
        first = lost[0]
        whom = f"the letter to {first.address[7:]}" if letter.is_letter(first) else first.address
        failed = "was not taken" if letter.is_letter(first) else "could not be told"
        notices.enqueue(
            self._desk.store,
            Notice(
                key=f"undelivered/{first.id}/{first.attempts}", ticket=first.ticket, severity=first.severity,
                address="desk", person="", role=first.role, kind="undelivered",
                label=f"{whom} {failed}: {done.result.why}"[:300], due_at=first.due_at,
                made_at=done.at, next_at=done.at, data={},
            ),
        )  # fmt: skip

    def _message(self, claimed: Sequence[Notice]) -> Message:
        if letter.is_letter(claimed[0]):
            return letter.of_notice(claimed[0])
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


def given_up(notice: Notice, now: datetime) -> bool:
    """Whether a notice was tried for long and often enough."""
    return now - notice.made_at > GIVE_UP and notice.attempts >= LEAST_ATTEMPTS


def retry_at(claimed: Sequence[Notice], result: Result, now: datetime) -> datetime | None:
    """When to try again: 15 s, doubled up to an hour; None when it never will be taken, or after three days."""
    if not result.again or all(given_up(notice, now) for notice in claimed):
        return None
    attempts = max(notice.attempts for notice in claimed)
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 10)
    return now + min(doubled, LONGEST_WAIT)
