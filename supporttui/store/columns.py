"""How values cross the border between records and rows, the same on every database.

Instants are whole seconds since 1970 in UTC.  "Never" is a very late instant rather
than NULL, so that sorting, paging and the due scan stay one range of one index.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

NEVER = 1 << 62
"""Stands for "no such instant" in columns that are sorted or scanned by time."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def listed(names: Iterable[str]) -> str:
    """Names of columns, quoted, as a list in SQL: for statements whose text is made once."""
    return ", ".join(f'"{name}"' for name in names)


def seconds(at: datetime) -> int:
    """Whole seconds since 1970 UTC.  ValueError for an instant without a zone."""
    if at.tzinfo is None:
        raise ValueError("the store takes aware instants only")
    return int(at.timestamp() // 1)


def seconds_or_none(at: datetime | None) -> int | None:
    return None if at is None else seconds(at)


def instant(value: int) -> datetime:
    """The aware UTC instant of a stored number of seconds."""
    return datetime.fromtimestamp(value, UTC)


def instant_or_none(value: int | None) -> datetime | None:
    """Like `instant`, for a column that may hold NULL or NEVER."""
    return None if value is None or value == NEVER else datetime.fromtimestamp(value, UTC)


def storable(text: str) -> str:
    """Text without NUL and lone surrogates, which no database takes; each leaves a U+FFFD behind."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def fold(text: str) -> str:
    """The form in which text is compared and sorted: without regard to case, in any script."""
    text = storable(text)
    if text.isascii():
        return text.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def to_json(value: Mapping[str, Any] | None) -> str:
    """Canonical JSON text ("" for nothing); pure ASCII, so nothing in it can be unstorable."""
    if not value:
        return ""
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> dict[str, Any]:
    if not text:
        return {}
    import json

    loaded: dict[str, Any] = json.loads(text)
    return loaded
