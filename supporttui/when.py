"""How people write and read times.  Pure: `now` and the zone are passed in, instants are aware UTC.

Reading never guesses between past and future: "16:00" is today at 16:00 in the
given zone even when that is over, and it is the caller who says that an update
can't be promised for the past.  A weekday is the first such instant after now.

A local time that a DST change skips is the first instant that exists after it;
a repeated one is the first of the two (the same rule as the business calendar).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from supporttui.errors import UsageError

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 7 * 86400
LONGEST = timedelta(days=36525)  # a century: keeps every sum inside the datetime range
YEARS = range(1900, 3000)
DURATION_EXAMPLES = "90m, 2h30m, 3d or 1w"
INSTANT_EXAMPLES = "2026-12-24 16:00, 2026-12-24T22:00Z, 16:00, tomorrow 9:00, mon 9:00 or in 2h"
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Patterns as text: they are compiled (and kept by `re`) when first used, because most commands read no time.
_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_PART = (
    r"\s*([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*"
    r"(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])"
)
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
_DATE_TIME = (
    rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})"
    rf"(?:(?:\s*t\s*|\s+at\s+|\s+){_CLOCK}\s*(?P<offset>z|utc|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?"
)
_DAY_TIME = (
    r"(?:(?P<which>next|last)\s+)?(?P<name>[a-z]+)"
    r"(?:\s+(?:at\s+)?(?P<time>[0-9].*))?"
)
_TIME = rf"(?:{_CLOCK}|(?P<bare>[0-9]{{1,2}}))\s*(?P<half>am|pm)?"


# -- reading ---------------------------------------------------------------------------------------


def parse_duration(text: str) -> timedelta:
    """A length of time such as "90m", "2h30m", "3d", "1.5 h" or "1 week 2 days", in whole seconds.

    Days are 24 hours and weeks 7 days.  UsageError when there is no unit or it is over a century.
    """
    lowered = text.strip().lower()
    seconds, position, pattern = 0.0, 0, re.compile(_PART)
    while position < len(lowered):
        part = pattern.match(lowered, position)
        if part is None:
            raise _bad("a length of time", text, DURATION_EXAMPLES)
        seconds += float(part[1]) * _UNITS[part[2][0]]
        position = part.end()
    if not lowered:
        raise _bad("a length of time", text, DURATION_EXAMPLES)
    if seconds > LONGEST.total_seconds():
        raise UsageError(f"{_shown(text)} is longer than a century; write for example {DURATION_EXAMPLES}")
    return timedelta(seconds=round(seconds))


def parse_instant(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The UTC instant that a person means; what has no offset is read in `zone`.

    Accepts ISO dates and times with or without offset, "16:00", "4:30pm", "now",
    "today", "tomorrow 9:00", "yesterday", "mon 9:00", "last fri 17:00", "in 2h",
    "+90m", "2h ago" and "-90m".  A date alone is its first instant.
    UsageError, with examples, for anything else.
    """
    lowered = " ".join(text.lower().split())
    now = now.astimezone(UTC).replace(microsecond=0)
    found = _relative(lowered, now) or _dated(lowered, text, zone) or _named(lowered, text, now, zone)
    if found is None:
        raise _bad("a time", text, INSTANT_EXAMPLES)
    return found


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name ("America/Chicago", "UTC").  UsageError when there is none."""
    if name.upper() in ("UTC", "Z"):
        return UTC
    from zoneinfo import ZoneInfo  # costs a few milliseconds that most commands never need

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(
            f"no time zone {_shown(name)}; write an IANA name such as America/Chicago or UTC"
        ) from None


def instant_of(local: datetime, zone: tzinfo) -> datetime:
    """The UTC instant of a naive local time: skipped → the first that exists, repeated → the first."""
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    if early >= late or late.astimezone(zone).replace(tzinfo=None) == local:
        return min(early, late)
    return _transition(early, late, zone)


def day_start(local_day: datetime, zone: tzinfo) -> datetime:
    """The first instant of the local day that holds this naive local time."""
    return instant_of(local_day.replace(hour=0, minute=0, second=0, microsecond=0), zone)


def _transition(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first second in (before, after] that has the later offset."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return before + timedelta(seconds=high)


def _relative(lowered: str, now: datetime) -> datetime | None:
    """ "now", "in 2h", "+90m", "2h ago", "-90m"."""
    if lowered == "now":
        return now
    if lowered.startswith(("in ", "+")):
        return now + parse_duration(lowered.removeprefix("in ").removeprefix("+"))
    if lowered.endswith(" ago") or lowered.startswith("-"):
        return now - parse_duration(lowered.removeprefix("-").removesuffix(" ago"))
    return None


def _dated(lowered: str, text: str, zone: tzinfo) -> datetime | None:
    """ISO forms, with or without time and offset."""
    match = re.fullmatch(_DATE_TIME, lowered)
    if match is None:
        return None
    if int(match["year"]) not in YEARS:
        raise UsageError(f"the year of {_shown(text)} must lie between {YEARS[0]} and {YEARS[-1]}")
    try:
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]))  # noqa: DTZ001
        local = _at_time(day, match["hour"], match["minute"], match["second"])
        offset = _offset(match["offset"])
    except ValueError:
        raise UsageError(
            f"{_shown(text)} is not in the calendar; write for example {INSTANT_EXAMPLES}"
        ) from None
    if offset is not None:
        return local.replace(tzinfo=offset).astimezone(UTC)
    return instant_of(local, zone)


def _offset(written: str | None) -> tzinfo | None:
    """The fixed offset of "z", "+01:00", "+0100" or "+01"; ValueError at a day or more."""
    if written is None:
        return None
    if written[0] not in "+-":
        return UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise ValueError(written)
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if written[0] == "-" else distance)


def _at_time(day: datetime, hour: str | None, minute: str | None, second: str | None) -> datetime:
    """That time on the day; 24:00 is the next midnight; ValueError when there is no such time."""
    if (int(hour or 0), int(minute or 0), int(second or 0)) == (24, 0, 0):
        return day + timedelta(days=1)
    return day.replace(hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0))


def _named(lowered: str, text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """A time of today, or a day by name with or without a time."""
    today = now.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0)
    if lowered[:1].isdigit():
        local = _time_of(today, lowered, text, alone=True)
        return None if local is None else instant_of(local, zone)
    match = re.fullmatch(_DAY_TIME, lowered)
    if match is None:
        return None
    step = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(match["name"])
    if step is not None and not match["which"]:
        local = _time_of(today + timedelta(days=step), match["time"], text)
        return None if local is None else instant_of(local, zone)
    return _weekday(match, text, today, now, zone)


def _weekday(
    match: re.Match[str], text: str, today: datetime, now: datetime, zone: tzinfo
) -> datetime | None:
    """The first such weekday and time after now; with "last", the latest before now."""
    name = match["name"]
    found = [number for number, day in enumerate(DAY_NAMES) if len(name) >= 2 and day.startswith(name)]
    if len(found) != 1:
        return None
    forward = match["which"] != "last"
    ahead = (found[0] - today.weekday()) % 7
    for week in (0, 7) if forward else (0, -7):
        local = _time_of(
            today + timedelta(days=ahead + week - (0 if forward or not ahead else 7)), match["time"], text
        )
        if local is None:
            return None
        instant = instant_of(local, zone)
        if (instant > now) if forward else (instant < now):
            return instant
    return None


def _time_of(day: datetime, time: str | None, text: str, *, alone: bool = False) -> datetime | None:
    """The day at a written time ("16:00", "9am"); None when that isn't a time.

    A bare hour needs am or pm, and "9" alone is no time at all.
    """
    if time is None:
        return day
    match = re.fullmatch(_TIME, time)
    if match is None or (match["bare"] and not match["half"]):
        return None
    hour, half = int(match["hour"] or match["bare"]), match["half"]
    try:
        if half and not 1 <= hour <= 12:
            raise ValueError(time)
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        return _at_time(day, str(hour), match["minute"], match["second"])
    except ValueError:
        raise UsageError(
            f"{_shown(text)} has no such time of day; write for example 16:00 or 4:30pm"
        ) from None


def _bad(what: str, text: str, examples: str) -> UsageError:
    return UsageError(f"{_shown(text)} is not {what}; write for example {examples}")


def _shown(text: str) -> str:
    """The user's words in an error line: one line, not long, quoted."""
    line = " ".join(text.split())
    return f"'{line[:40]}…'" if len(line) > 41 else f"'{line}'"


# -- writing ---------------------------------------------------------------------------------------

COUNTDOWN_WIDTH = 15  # the widest text that `countdown` gives below 10,000 days


def countdown(seconds: int) -> str:
    """Time left until a deadline, or how long it is over: "in 0:41:09", "in  6 h 20 m", "in  2 d  3 h".

    seconds: left until the due instant; zero and negative are over and count up
    ("OVER +0:12:40", "OVER  +6 h 20 m").  Numbers are padded to one width per unit,
    so that a text set flush right does not move while its unit stays the same.
    """
    left = abs(seconds)
    lead, sign = ("in", "") if seconds > 0 else ("OVER", "+")
    days, hours, minutes = left // DAY, left // HOUR % 24, left // MINUTE % 60
    if left < HOUR:
        return f"{lead} {sign}0:{minutes:02}:{left % MINUTE:02}"
    if left < DAY:
        return f"{lead} {_signed(sign, hours)} h {minutes:02} m"
    if days < 100:
        return f"{lead} {_signed(sign, days)} d {hours:2} h"
    return f"{lead} {sign}{days} d"


def _signed(sign: str, number: int) -> str:
    return f"{sign}{number}".rjust(2 + len(sign))


def next_change(seconds: int) -> int:
    """Seconds from now until the text of `countdown(seconds)` changes; at least 1."""
    left = abs(seconds)
    step = 1 if left < HOUR else MINUTE if left < DAY else HOUR if left < 100 * DAY else DAY
    if seconds > 0:
        return left % step + 1
    return step - left % step


def age(seconds: int) -> str:
    """How long ago something was: "40 s ago", "8 h 12 m ago", "2 d 3 h ago"; negative: "in 8 h 12 m"."""
    return f"{duration_text(seconds)} ago" if seconds >= 0 else f"in {duration_text(-seconds)}"


def duration_text(seconds: int) -> str:
    """A length of time in its two largest units that matter: "40 s", "12 m", "8 h 12 m", "2 d 3 h"."""
    days, hours, minutes = seconds // DAY, seconds // HOUR % 24, seconds // MINUTE % 60
    if days:
        return f"{days} d {hours} h" if hours and days < 100 else f"{days} d"
    if hours:
        return f"{hours} h {minutes} m" if minutes else f"{hours} h"
    return f"{minutes} m" if minutes else f"{seconds} s"


def iso_z(at: datetime) -> str:
    """The instant for machines: "2026-11-20T14:46:00Z".  `at` must be aware."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_text(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """The instant for people in a zone, whatever the locale: "Fri 20 Nov 2026 14:46 CST"."""
    local = at.astimezone(zone)
    day = f"{DAY_NAMES[local.weekday()][:3].title()} {local.day} {MONTH_NAMES[local.month - 1]} {local.year}"
    clock = f"{local.hour:02}:{local.minute:02}" + (f":{local.second:02}" if seconds else "")
    return f"{day} {clock} {local.tzname() or ''}".rstrip()
