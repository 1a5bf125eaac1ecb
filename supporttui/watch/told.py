"""How telling people stands: what waits, what was lost, what went out, who is on call, what happened to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from supporttui.desk import oncall
from supporttui.desk.act import transaction
from supporttui.desk.session import Desk
from supporttui.errors import SupportError
from supporttui.policy.roster import Turn
from supporttui.store import events, notices, windows
from supporttui.store.records import DeskEvent, Maintenance, Notice

from .pulse import Health, health

BACK = timedelta(hours=24)
MOST = 200


class Told(NamedTuple):
    """One look.  waiting, dead, sent: notices, the most urgent or the newest first.  trouble: with the roster."""

    at: datetime
    health: Health
    waiting: Sequence[Notice]
    dead: Sequence[Notice]
    sent: Sequence[Notice]
    turns: Sequence[Turn]
    silenced: Sequence[Maintenance]
    events: Sequence[DeskEvent]
    trouble: str = ""


def read(desk: Desk) -> Told:
    """Everything that the page of notices shows, from one moment."""
    now = desk.now()
    turns, trouble = _turns(desk, now)
    found = health(desk)
    with desk.store.read():
        return Told(
            now, found, notices.waiting(desk.store, MOST), notices.dead(desk.store, MOST),
            notices.sent_since(desk.store, now - BACK, MOST), turns,
            windows.maintenance_at(desk.store, now), events.since(desk.store, now - BACK, MOST), trouble,
        )  # fmt: skip


def retry(desk: Desk, number: int) -> bool:
    """Try a dead notice again; False when it is none any more.  On record among the desk's events."""
    with transaction(desk):
        done = notices.requeue(desk.store, [number], desk.now()) == 1
        if done:
            _note(desk, f"notice {number} is tried again", number)
    return done


def give_up(desk: Desk, number: int) -> bool:
    """Give a waiting or dead notice up; False when it is neither any more."""
    with transaction(desk):
        done = notices.withdraw(desk.store, [number], f"by {desk.actor}") == 1
        if done:
            _note(desk, f"notice {number} was given up", number)
    return done


def _note(desk: Desk, text: str, number: int) -> None:
    events.append(
        desk.store, at=desk.now(), actor=desk.actor, kind="notices", text=text, data={"ids": [number]}
    )


def _turns(desk: Desk, now: datetime) -> tuple[Sequence[Turn], str]:
    try:
        return (oncall.turns(desk, now) if desk.roster is not None else ()), ""
    except SupportError as error:
        return (), str(error)
