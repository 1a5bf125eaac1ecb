"""Which open deadlines would move if one policy took the place of another.  Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from supporttui.policy.planning import plan
from supporttui.policy.rules import Policy
from supporttui.policy.timeline import Deadline, Timeline
from supporttui.quickclass import dataclass

Change = Literal["earlier", "later", "appears", "disappears"]
_OPEN = ("armed", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One deadline of one ticket under both policies.

    old_due, new_due: instants in UTC; None where the deadline is not open there.
    role, label, clause: under the new policy, or the old one's where it disappears.
    """

    ticket: int
    key: str
    kind: str
    change: Change
    role: str
    label: str
    clause: str
    old_due: datetime | None
    new_due: datetime | None


def diff(old: Policy, new: Policy, timelines: Iterable[tuple[int, Timeline]]) -> tuple[Move, ...]:
    """The open deadlines that would move, appear or disappear, by ticket and then by time.

    timelines: (ticket number, timeline).  What fired stays fired under any policy, so it is
    never among them; a deadline counts as open while armed or paused.
    """
    moves: list[Move] = []
    for number, timeline in timelines:
        moves.extend(_moves(number, plan(timeline, old), plan(timeline, new)))
    return tuple(moves)


def _moves(number: int, before: tuple[Deadline, ...], after: tuple[Deadline, ...]) -> list[Move]:
    olds = {each.key: each for each in before if each.state in _OPEN}
    news = {each.key: each for each in after if each.state in _OPEN}
    found = [_move(number, olds.get(key), news.get(key)) for key in {**olds, **news}]
    kept = [move for move in found if move is not None]
    return sorted(kept, key=lambda move: (move.new_due or move.old_due, move.key))


def _move(number: int, old: Deadline | None, new: Deadline | None) -> Move | None:
    told = new or old
    if told is None or (old and new and old.due_at == new.due_at):
        return None
    change: Change
    if old is None:
        change = "appears"
    elif new is None:
        change = "disappears"
    else:
        change = "earlier" if new.due_at < old.due_at else "later"
    return Move(
        ticket=number, key=told.key, kind=told.kind, change=change, role=told.role, label=told.label,
        clause=told.clause, old_due=old.due_at if old else None, new_due=new.due_at if new else None,
    )  # fmt: skip
