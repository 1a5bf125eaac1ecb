"""Addresses and dates in headers (RFC 5322), read in one pass, however they are written.

Invariant: an address that comes out is one that could be written to: bounded, without blanks,
controls, quotes or brackets.  What stands in quotes, comments or the name before it never becomes one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from .charsets import decode_words, one_line, text_of

MOST = 16_000  # characters of a header that are looked at
MOST_ADDRESSES = 100
LONGEST, LONGEST_NAME = 254, 200
_ADDRESS = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]{1,190}"
)
_ID = re.compile(r"<[^<>\s]{1,900}>")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(
    r"(?:[A-Za-z]{2,12}\.?,?\s{0,9})?(\d{1,2})[\s-]{1,9}([A-Za-z]{3,9})\.?[\s-]{1,9}(\d{2,4}),?\s{1,9}"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,9})?\s{0,9}([+-]\d{4}|[A-Za-z]{1,5})?"
)
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2,
          "MET": 1, "MEST": 2, "BST": 1, "JST": 9, "IST": 5.5}  # fmt: skip


def addresses(raw: bytes) -> list[tuple[str, str]]:
    """(name, address) of every mailbox of a header, groups opened; addresses in small letters."""
    text = text_of(raw[:MOST])
    found = []
    for words, angle in _mailboxes(text):
        address = (angle if angle is not None else words).strip().lower()
        if not _ADDRESS.fullmatch(address) or len(address) > LONGEST or not address.isprintable():
            continue
        name = decode_words(words) if angle is not None else ""
        found.append((one_line(name)[:LONGEST_NAME], address))
        if len(found) == MOST_ADDRESSES:
            break
    return found


def _mailboxes(text: str) -> list[tuple[str, str | None]]:
    """What stands between the commas: (words, what stands in angle brackets or None)."""
    found: list[tuple[str, str | None]] = []
    words: list[str] = []
    angle: str | None = None
    at = 0

    def end() -> None:
        nonlocal angle
        if angle is not None or words:
            found.append(("".join(words), angle))
        words.clear()
        angle = None

    while at < len(text):
        sign = text[at]
        if sign == '"':
            quoted, at = _quoted(text, at + 1)
            # In a name the quotes go; a quoted local part keeps them, and is no address for us.
            words.append(quoted if "@" not in text[at : at + 1] else f'"{quoted}"')
        elif sign == "(":
            at = comment_end(text, at)
        elif sign == "<":
            stop = text.find(">", at)
            stop = len(text) if stop < 0 else stop
            angle = text[at + 1 : stop].rpartition(":")[2] if angle is None else ""
            at = stop + 1
        elif sign in ",;":
            end()
            at += 1
        elif sign == ":":
            words.clear()  # the name of a group
            at += 1
        else:
            words.append(sign)
            at += 1
    end()
    return found


def _quoted(text: str, at: int) -> tuple[str, int]:
    made = []
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        made.append(text[at])
        at += 1
    return "".join(made), at + 1


def comment_end(text: str, at: int) -> int:
    """Behind a comment, which may hold others."""
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return at


def message_ids(raw: bytes, most: int = 100) -> tuple[str, ...]:
    """The Message-IDs of a header, with their angle brackets, the last ones when there are too many."""
    text = text_of(raw[-MOST * 2 :]).replace("\x00", "\ufffd")
    return tuple(dict.fromkeys(_ID.findall(text)))[-most:]


def instant(raw: bytes) -> datetime | None:
    """The instant of a Date header, aware UTC; None for what can't be one."""
    found = _DATE.search(text_of(raw[:200]))
    if found is None or found[2][:3].lower() not in _MONTHS:
        return None
    day, month, year = int(found[1]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[3])
    year += 0 if len(found[3]) > 2 else 2000 if year < 69 else 1900
    try:
        at = datetime(
            year,
            month,
            day,
            int(found[4]),
            int(found[5]),
            min(59, int(found[6] or 0)),
            tzinfo=_zone(found[7]),
        )
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return timezone(timedelta(hours=_ZONES.get((text or "").upper(), 0)))
    minutes = int(text[1:3]) * 60 + int(text[3:5])
    if minutes >= 24 * 60:
        raise ValueError("no zone")
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))
