"""Who is on call: the roster together with the overrides that people entered."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from supporttui.errors import DataError, NotFound, Refused, UsageError
from supporttui.policy.durations import nearest
from supporttui.policy.roster import Roster, Turn
from supporttui.policy.shifts_calendar import Unreadable, shifts_in
from supporttui.store import events, windows
from supporttui.store.records import OnCallOverride

from .act import transaction
from .owed import plain_overrides
from .session import Desk

LONGEST = timedelta(days=92)  # of one override: what is longer belongs into the roster
AHEAD = timedelta(days=400)
FROM = "from "  # and the name of the calendar that brought an override


def turns(desk: Desk, lo: datetime, hi: datetime | None = None, rotation: str | None = None) -> list[Turn]:
    """The turns at an instant, or those that touch [lo, hi), by rotation and time.

    Errors: NotFound without a roster, PolicyError for an unknown rotation.
    """
    roster = _roster(desk)
    with desk.store.read():
        entered = plain_overrides(windows.overrides(desk.store, lo - AHEAD, (hi or lo) + AHEAD))
    wanted = [roster.rotation(rotation)] if rotation else list(roster.rotations.values())
    if hi is None:
        return [one.turn(lo, entered) for one in wanted]
    return [turn for one in wanted for turn in one.turns(lo, hi, entered)]


def override(desk: Desk, rotation: str, person: str, start: datetime, end: datetime, reason: str = "") -> int:
    """Somebody takes a rotation over for a while; the override's id.  Journalled among the desk's events."""
    roster = _roster(desk)
    roster.rotation(rotation)
    if person not in roster.people:
        raise UsageError(f"{person}: nobody of that name is in the roster{nearest(person, roster.people)}")
    if end <= start or end <= desk.now():
        raise UsageError("an override must end after it begins, and in the future")
    if end - start > LONGEST:
        raise Refused(f"an override lasts {LONGEST.days} days at most: write the roster anew for longer ones")
    with transaction(desk):
        number = windows.add_override(
            desk.store,
            OnCallOverride(
                rotation=rotation, person=person, start=start, end=end, reason=reason,
                entered_by=desk.actor, entered_at=desk.now(),
            ),
        )  # fmt: skip
        _note(desk, f"{person} takes {rotation} over", override=number)
    return number


def end_override(desk: Desk, number: int) -> None:
    """Take an override back from now on.  Errors: NotFound."""
    with transaction(desk):
        if not windows.end_override(desk.store, number, desk.now()):
            raise NotFound(f"there is no override {number} that still holds")
        _note(desk, f"override {number} was taken back", override=number)


def import_calendar(desk: Desk, rotation: str, path: Path) -> int:
    """Turns from an iCalendar file as overrides; how many.  All of them or none.

    An event's summary names the person.  What a file of the same name had brought before ends now: a turn
    that was taken out of the calendar is nobody's any more.  Errors: DataError with the line.
    """
    roster = _roster(desk)
    roster.rotation(rotation)
    zone = roster.rotations[rotation].zone
    try:
        found = shifts_in(path.read_text(encoding="utf-8-sig"), zone)
    except (Unreadable, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: no calendar of turns: {error}") from None
    except OSError as error:
        raise DataError(f"{path.name}: can't be read: {(error.strerror or 'error').lower()}") from None
    ahead = [shift for shift in found if shift.end > desk.now()]
    for shift in ahead:
        if shift.person not in roster.people:
            near = nearest(shift.person, roster.people)
            raise DataError(f"{path.name}: line {shift.line}: '{shift.person}' is not in the roster{near}")
    with transaction(desk):
        _end_those_from(desk, rotation, path.name)
        for shift in ahead:
            windows.add_override(
                desk.store,
                OnCallOverride(
                    rotation=rotation, person=shift.person, start=shift.start, end=shift.end,
                    reason=FROM + path.name, entered_by=desk.actor, entered_at=desk.now(),
                ),
            )  # fmt: skip
        _note(desk, f"{len(ahead)} turns of {rotation} from {path.name}")
    return len(ahead)


def _end_those_from(desk: Desk, rotation: str, name: str) -> None:
    now = desk.now()
    for one in windows.overrides(desk.store, now, now + AHEAD * 10):
        if one.rotation == rotation and one.reason == FROM + name:
            windows.end_override(desk.store, one.id, now)


def _roster(desk: Desk) -> Roster:
    if desk.roster is None:
        raise NotFound("there is no roster")
    return desk.roster


def _note(desk: Desk, text: str, **data: object) -> None:
    events.append(desk.store, at=desk.now(), actor=desk.actor, kind="oncall", text=text, data=data)
