"""Reading a calendar from a policy file: every fault is one line naming the key and the nearest word.

See `supporttui.policy.hours` for what the parts mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from supporttui.errors import PolicyError
from supporttui.policy import civil
from supporttui.policy.civil import DAY
from supporttui.policy.hours import WallHours, union
from supporttui.policy.public import PublicHolidays
from supporttui.policy.tally import Spans
from supporttui.policy.words import hint, show

KEYS = ("tz", "hours", "holidays", "overrides", "breaks", "always", "country", "region")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_UNNAMED = "holiday"


def check_keys(table: Mapping[str, Any], path: str) -> None:
    """Refuse keys that a calendar does not have."""
    for key in table:
        if key not in KEYS:
            near = hint(str(key), KEYS) or f"; the keys are {', '.join(KEYS)}"
            raise PolicyError(f"{path}{key}: not a key of a calendar{near}")


def is_always(table: Mapping[str, Any], path: str) -> bool:
    """Whether the table says `always = true`, and nothing that would contradict it."""
    always = table.get("always", False)
    if not isinstance(always, bool):
        raise PolicyError(f"{path}always: {show(always)} is not true or false")
    others = [key for key in table if key not in ("always", "tz")]
    if always and others:
        raise PolicyError(
            f"{path}{others[0]}: a calendar that is always open has no {others[0]}; remove one of the two"
        )
    return always


def read_hours(table: Mapping[str, Any], path: str) -> WallHours:
    """The hours of a calendar table; `path` begins every message (`calendars.support.`)."""
    public = None
    if "country" in table:
        public = PublicHolidays(table["country"], table.get("region", ""), key=path)
    elif "region" in table:
        raise PolicyError(f'{path}region: a region needs a country; add country = "…"')
    hours = WallHours(
        _weekly(table.get("hours", {}), f"{path}hours"),
        overrides=_dated(table.get("overrides", {}), f"{path}overrides"),
        breaks=_dated(table.get("breaks", {}), f"{path}breaks"),
        holidays=_holidays(table.get("holidays", ()), f"{path}holidays"),
        public=public,
    )
    if hours.never_opens():
        raise PolicyError(
            f"{path}hours: no open hours at all; give at least one weekday or override some hours"
        )
    return hours


def _table(value: object, path: str, example: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise PolicyError(f"{path}: {show(value)} is not a table; write it like {example}")
    return value


def _weekly(value: object, path: str) -> list[Spans]:
    table = _table(value, path, '{mon = [["09:00", "17:00"]]}')
    for day in table:
        if day not in WEEKDAYS:
            near = hint(str(day), WEEKDAYS) or f"; the days are {', '.join(WEEKDAYS)}"
            raise PolicyError(f"{path}.{day}: not a day of the week{near}")
    return [_spans(table.get(day, ()), f"{path}.{day}") for day in WEEKDAYS]


def _dated(value: object, path: str) -> dict[int, Spans]:
    table = _table(value, path, '{2026-12-24 = [["09:00", "12:00"]]}')
    return {_day(day, path): _spans(spans, f"{path}.{day}") for day, spans in table.items()}


def _holidays(value: object, path: str) -> dict[int, str]:
    if isinstance(value, Mapping):
        return {_day(day, path): str(name) or _UNNAMED for day, name in value.items()}
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise PolicyError(f'{path}: {show(value)} is not a list of dates; write it like ["2026-12-25"]')
    return {_day(day, path): _UNNAMED for day in value}


def _day(value: object, path: str) -> int:
    if isinstance(value, date) and not isinstance(value, datetime):
        return civil.day_number(value)
    try:
        if isinstance(value, str) and len(value) == len("2026-12-25"):
            return civil.day_number(date.fromisoformat(value))
    except ValueError:
        pass
    raise PolicyError(f"{path}: {show(value)} is not a date; write it like 2026-12-25")


def _spans(value: object, path: str) -> Spans:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise PolicyError(f'{path}: {show(value)} is not a list of spans; write it like [["09:00", "17:00"]]')
    return union(_span(pair, path) for pair in value)


def _span(value: object, path: str) -> tuple[int, int]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable) or len(pair := list(value)) != 2:
        raise PolicyError(f'{path}: {show(value)} is not a span; write it like ["09:00", "17:00"]')
    start, end = _seconds(pair[0], path), _seconds(pair[1], path)
    if start == DAY:
        raise PolicyError(f"{path}: a span can't begin at 24:00; begin it at 00:00 of the next day")
    return start, end if end > start else end + DAY


def _seconds(value: object, path: str) -> int:
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > DAY:
        raise PolicyError(f"{path}: {show(value)} is not a time of day; write 00:00 to 24:00")
    return total
