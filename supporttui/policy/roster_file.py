"""The roster file as it is written: people, and the rotations in which they are on call.

Like the policy's, these records refuse unknown keys, so that a misspelt name
can never silently mean that nobody is called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import field

from supporttui.errors import PolicyError
from supporttui.policy import civil
from supporttui.policy.calendar import BusinessCalendar
from supporttui.policy.calendars import WEEK, build_calendar
from supporttui.policy.decoding import said
from supporttui.policy.durations import nearest
from supporttui.policy.records import CalendarTable, Words, _Table
from supporttui.policy.references import Fault

_HANDOVER = re.compile(r"(?:(?P<day>[a-z]+)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})")
_QUIET = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_MOST_TURNS = 366

_EMAIL = re.compile(r"[^@\s<>,;:\"()\x00-\x1f]+@[^@\s<>,;:\"()\x00-\x1f]+")
_PHONE = re.compile(r"\+?[0-9][0-9 .()/-]{2,40}")

# A channel that is set up where notices are sent: see the channels file.
CHANNEL = re.compile(r"(command|webhook|apprise):[a-z0-9][a-z0-9_-]*")


class HandOver:
    """When one person relieves another: every day, or on one weekday (Monday 0), at a wall time.

    seconds: after the day's midnight.
    """

    __slots__ = ("seconds", "weekday")

    def __init__(self, weekday: int | None, seconds: int) -> None:
        self.weekday, self.seconds = weekday, seconds

    @property
    def days(self) -> int:
        """Days between two hand-overs."""
        return 1 if self.weekday is None else 7


class Absence:
    """Whole local days on which somebody can't be called, first and last included."""

    __slots__ = ("first", "last")

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last


class PersonTable(_Table, frozen=True):
    """Somebody who can be told.  name: as in `--as`.  zone: whose days `away` counts in.

    via: how, every one of them: "email", "phone", "console", or a channel ("command:sms", "webhook:ops",
    "apprise:team").  Left out: by e-mail where there is an address, else by telephone number, else at
    the person's own console.
    """

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""
    zone: str = ""
    via: tuple[str, ...] = ()
    away: tuple[Absence, ...] = ()

    def addresses(self) -> tuple[str, ...]:
        """Where notices for this person go: "mail:…", "phone:…", "console:NAME", "command:sms/+1555…"."""
        usual = ("email",) if self.email else ("phone",) if self.phone else ("console",)
        return tuple(self._address(way) for way in self.via or usual)

    def _address(self, way: str) -> str:
        own = {
            "email": f"mail:{self.email}",
            "phone": f"phone:{self.phone}",
            "console": f"console:{self.name}",
        }
        if way in own:
            return own[way]
        return f"{way}/{self.phone}" if way.startswith("command:") and self.phone else way


class QuietTable(_Table, frozen=True):
    """Hours in which notices of some severities wait until morning.  hours: "22:00-07:00"."""

    severity: tuple[int, ...]
    hours: str
    zone: str = ""


class RotationTable(_Table, frozen=True):
    """People who relieve each other.

    handover: "20:00" daily, "mon 09:00" weekly.  every: hand-overs that one person stays for.
    starts: the first one's turn begins at the first hand-over on or after this day.
    hours: as in a calendar; outside them nobody is on call.
    """

    name: str
    people: tuple[str, ...]
    handover: HandOver
    starts: date
    every: int = 1
    title: str = ""
    zone: str = ""
    hours: dict[str, Words] = field(default_factory=dict)

    def calendar(self, zone: str, key: str = "rotation") -> BusinessCalendar:
        """Its hours.  zone: the roster's, where the rotation names none.  Errors: Fault, at a key below `key`."""
        table = CalendarTable(name=self.name, zone=self.zone or zone, hours=self.hours)
        return build_calendar(key, table, zone, None).calendar


class RosterFile(_Table, frozen=True):
    """The whole file.  zone: IANA name, for every rotation and person that names none."""

    zone: str
    people: tuple[PersonTable, ...] = field(name="person", default=())
    rotations: tuple[RotationTable, ...] = field(name="rotation", default=())
    quiet: tuple[QuietTable, ...] = ()


def read_file(raw: dict[str, Any], source: str) -> RosterFile:
    """The checked records of a roster.  Errors: PolicyError, one line with file, key and nearest word."""
    try:
        file = msgspec.convert(raw, RosterFile, dec_hook=_words_to_values)
        _verify(file)
    except msgspec.ValidationError as error:
        raise PolicyError(f"{source}: {said(str(error), RosterFile, 'roster')}") from None
    except Fault as fault:
        raise PolicyError(f"{source}: {fault.key}: {fault}") from None
    return file


def parse_handover(written: str) -> HandOver:
    """ "20:00" or "mon 09:00".  Errors: ValueError."""
    found = _HANDOVER.fullmatch(written.strip().casefold())
    if found is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise ValueError(f"'{written}' is no hand-over; write '20:00' (daily) or 'mon 09:00' (weekly)")
    if found["day"] and found["day"][:3] not in WEEK:
        raise ValueError(f"no day '{found['day']}'{nearest(found['day'], WEEK)}")
    weekday = WEEK.index(found["day"][:3]) if found["day"] else None
    return HandOver(weekday, int(found["hour"]) * 3600 + int(found["minute"]) * 60)


def parse_absence(written: str) -> Absence:
    """ "2026-12-24" or "2026-12-24..2027-01-02".  Errors: ValueError."""
    first, _, last = written.partition("..")
    try:
        absence = Absence(date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip()))
    except ValueError:
        raise ValueError(f"'{written}' are no days; write 2026-12-24 or 2026-12-24..2027-01-02") from None
    if absence.last < absence.first:
        raise ValueError(f"'{written}' ends before it begins")
    return absence


def parse_quiet(written: str) -> tuple[int, int]:
    """ "22:00-07:00" as seconds after midnight, (22 h, 7 h).  Errors: ValueError."""
    found = _QUIET.fullmatch(written.strip())
    parts = [int(part) for part in found.groups()] if found else [99, 99, 99, 99]
    if parts[0] > 23 or parts[2] > 23 or max(parts[1], parts[3]) > 59 or parts[:2] == parts[2:]:
        raise ValueError(f"'{written}' are no hours; write '22:00-07:00'")
    return parts[0] * 3600 + parts[1] * 60, parts[2] * 3600 + parts[3] * 60


def _words_to_values(wanted: type, written: Any) -> Any:
    readers = {HandOver: parse_handover, Absence: parse_absence}
    if wanted not in readers:
        raise TypeError(f"no way to read {wanted}")
    if not isinstance(written, str):
        raise ValueError(f"expected text, not {written!r}")
    return readers[wanted](written)


def _verify(file: RosterFile) -> None:
    _zone("zone", file.zone)
    names = [person.name for person in file.people]
    _once("person", names)
    _once("rotation", [rotation.name for rotation in file.rotations])
    for n, person in enumerate(file.people):
        if person.zone:
            _zone(f"person[{n}].zone", person.zone)
        if person.email and not _EMAIL.fullmatch(person.email):
            raise Fault(f"person[{n}].email", f"{person.email!r} is no e-mail address")
        if person.phone and not _PHONE.fullmatch(person.phone):
            raise Fault(f"person[{n}].phone", f"{person.phone!r} is no telephone number; write +1 555 0100")
        for m, way in enumerate(person.via):
            _verify_way(f"person[{n}].via[{m}]", way, person)
    for n, quiet in enumerate(file.quiet):
        _verify_quiet(f"quiet[{n}]", quiet)
    for n, rotation in enumerate(file.rotations):
        _verify_rotation(f"rotation[{n}]", rotation, names, file.zone)


def _verify_rotation(key: str, rotation: RotationTable, names: Sequence[str], zone: str) -> None:
    if rotation.zone:
        _zone(f"{key}.zone", rotation.zone)
    if not rotation.people:
        raise Fault(f"{key}.people", "nobody is in this rotation; name at least one person")
    for m, name in enumerate(rotation.people):
        if name not in names:
            raise Fault(f"{key}.people[{m}]", f"no [[person]] '{name}'{nearest(name, names)}")
    if not 1 <= rotation.every <= _MOST_TURNS:
        raise Fault(f"{key}.every", f"{rotation.every} is not a number of hand-overs (1 to {_MOST_TURNS})")
    if rotation.hours:
        rotation.calendar(zone, key)


def _verify_way(key: str, way: str, person: PersonTable) -> None:
    if way in ("email", "phone") and not getattr(person, way):
        raise Fault(key, f"'{person.name}' has no {way}")
    if way not in ("email", "phone", "console") and not CHANNEL.fullmatch(way):
        known = ("email", "phone", "console", "command:", "webhook:", "apprise:")
        said = nearest(way, known)
        raise Fault(key, f"no way '{way}'{said}; write email, phone, console, command:NAME or webhook:NAME")


def _verify_quiet(key: str, quiet: QuietTable) -> None:
    if 1 in quiet.severity:
        raise Fault(f"{key}.severity", "Severity 1 has no quiet hours: take the 1 out")
    if not quiet.severity:
        raise Fault(f"{key}.severity", "say which severities wait, such as [3, 4]")
    if quiet.zone:
        _zone(f"{key}.zone", quiet.zone)
    try:
        parse_quiet(quiet.hours)
    except ValueError as error:
        raise Fault(f"{key}.hours", str(error)) from None


def _zone(key: str, name: str) -> None:
    try:
        civil.find_zone(name, key)
    except PolicyError as error:
        raise Fault(key, str(error).removeprefix(f"{key}: ")) from None


def _once(kind: str, names: Sequence[str]) -> None:
    for n, name in enumerate(names):
        if not name.strip():
            raise Fault(f"{kind}[{n}].name", "is empty")
        if name in names[:n]:
            raise Fault(f"{kind}[{n}].name", f"'{name}' is given twice")
