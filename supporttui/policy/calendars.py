"""From a [[calendar]] table to a `BusinessCalendar`, with the key of whatever is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from supporttui.errors import PolicyError
from supporttui.policy.calendar import BusinessCalendar
from supporttui.policy.durations import nearest
from supporttui.policy.ical import Unreadable, holidays_in
from supporttui.policy.records import CalendarTable, Words
from supporttui.policy.references import Fault
from supporttui.quickclass import dataclass

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"\s*(\d{1,2}:\d{2}(?::\d{2})?)\s*(?:-|–|to)\s*(\d{1,2}:\d{2}(?::\d{2})?)\s*")
_LARGEST = 1 << 20

Pairs = list[list[str]]


@dataclass(frozen=True, slots=True)
class Built:
    """A calendar and the holidays that its files gave (they count for the policy's hash)."""

    calendar: BusinessCalendar
    from_files: Mapping[str, str]


def build_calendar(key: str, table: CalendarTable, vendor_zone: str, folder: Path | None) -> Built:
    """The calendar of a table; Fault names the key that is wrong.

    folder: where iCalendar files are looked for; None when the policy is not from a file.
    """
    from_files = _from_files(f"{key}.ics", table.ics, folder)
    zone = table.zone or vendor_zone
    if isinstance(table.hours, str):
        mapping = _round_the_clock(key, table, zone)
    else:
        mapping = {
            "tz": zone,
            "hours": _hours(f"{key}.hours", table.hours),
            "holidays": {**from_files, **_holidays(f"{key}.holidays", table.holidays)},
            "overrides": _dated(f"{key}.overrides", table.overrides),
            "breaks": _dated(f"{key}.breaks", table.breaks),
        }
        mapping |= {name: value for name in ("country", "region") if (value := getattr(table, name))}
    try:
        return Built(BusinessCalendar.from_mapping(mapping, name=table.name), from_files)
    except (PolicyError, ValueError) as error:
        raise _as_fault(key, table.name, str(error)) from None


def _as_fault(key: str, name: str, message: str) -> Fault:
    """The calendar names its own keys ("support.tz: …"); here they are keys of the file."""
    inner, colon, rest = message.removeprefix(f"{name}.").partition(": ")
    if not colon or " " in inner:
        return Fault(key, message)
    return Fault(f"{key}.{'zone' if inner == 'tz' else inner}", rest)


def _round_the_clock(key: str, table: CalendarTable, zone: str) -> dict[str, Any]:
    if table.hours != "24/7":
        example = '{ mon-fri = ["08:00-17:00"] }'
        raise Fault(f"{key}.hours", f"'{table.hours}' are no hours; write \"24/7\" or a table like {example}")
    for name in ("country", "holidays", "ics", "overrides", "breaks"):
        if getattr(table, name):
            raise Fault(
                f"{key}.{name}", "a calendar that is open 24/7 never closes; leave this out, or give it hours"
            )
    return {"tz": zone, "always": True}


def _holidays(key: str, holidays: tuple[str, ...] | dict[str, str]) -> dict[str, str]:
    named = holidays if isinstance(holidays, dict) else dict.fromkeys(holidays, "holiday")
    return {_date(f"{key}.{day}" if named is holidays else key, day): name for day, name in named.items()}


def _dated(key: str, table: dict[str, Words]) -> dict[str, Pairs]:
    return {_date(f"{key}.{day}", day): _spans(f"{key}.{day}", spans) for day, spans in table.items()}


def _hours(key: str, hours: dict[str, Words]) -> dict[str, Pairs]:
    if not hours:
        raise Fault(key, 'a calendar needs open hours; write a table like { mon-fri = ["08:00-17:00"] }')
    week: dict[str, Pairs] = {}
    for written, spans in hours.items():
        for day in _weekdays(f"{key}.{written}", written):
            if day in week:
                raise Fault(f"{key}.{written}", f"{day} is given twice")
            week[day] = _spans(f"{key}.{written}", spans)
    return week


def _weekdays(key: str, written: str) -> tuple[str, ...]:
    """ "mon", "mon-fri", "fri-mon" (round the end of the week) or "daily"."""
    if written.casefold() == "daily":
        return WEEK
    ends = [_weekday(key, part) for part in re.split(r"\s*[-–]\s*", written.strip())]
    if len(ends) == 1:
        return (WEEK[ends[0]],)
    if len(ends) != 2:
        raise Fault(key, f"can't read the days '{written}'; write 'mon' or 'mon-fri'")
    count = (ends[1] - ends[0]) % 7 + 1
    return tuple(WEEK[(ends[0] + n) % 7] for n in range(count))


def _weekday(key: str, written: str) -> int:
    word = written.casefold()
    for names in (WEEK, _LONG):
        if word in names:
            return names.index(word)
    raise Fault(key, f"no day '{written}'{nearest(written, (*WEEK, *_LONG))}")


def _spans(key: str, written: Words) -> Pairs:
    """ "08:00-17:00" or several of them; an empty list is a closed day."""
    pairs: Pairs = []
    for span in (written,) if isinstance(written, str) else written:
        found = _SPAN.fullmatch(span)
        if found is None:
            raise Fault(key, f"can't read the hours '{span}'; write '08:00-17:00'")
        pairs.append([_time(key, found[1]), _time(key, found[2])])
    return pairs


def _time(key: str, written: str) -> str:
    hours, minutes, *rest = (int(part) for part in written.split(":"))
    seconds = rest[0] if rest else 0
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > 86400:
        raise Fault(key, f"no time '{written}'; the day goes from 00:00 to 24:00")
    text = f"{hours:02}:{minutes:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _date(key: str, written: str) -> str:
    try:
        return date.fromisoformat(written.strip()).isoformat()
    except ValueError:
        raise Fault(key, f"no date '{written}'; write YYYY-MM-DD") from None


def _from_files(key: str, names: tuple[str, ...], folder: Path | None) -> dict[str, str]:
    days: dict[str, str] = {}
    for n, name in enumerate(names):
        at = f"{key}[{n}]"
        if folder is None:
            raise Fault(at, f"'{name}' can't be looked for: this policy is not read from a file")
        path = folder / name
        try:
            if path.stat().st_size > _LARGEST:
                raise Fault(at, f"'{name}' is larger than 1 MiB")
            days.update(holidays_in(path.read_text(encoding="utf-8-sig")))
        except UnicodeDecodeError:
            raise Fault(at, f"'{name}' is not UTF-8 text") from None
        except OSError as error:
            raise Fault(at, f"'{name}' can't be read: {(error.strerror or 'error').lower()}") from None
        except Unreadable as error:
            raise Fault(at, f"'{name}' is no calendar of holidays: {error}") from None
    return days
