"""The machine's own time zone, with its DST rules (a bare UTC offset would be wrong half of the year)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path

LOCALTIME = Path("/etc/localtime")


def machine_zone(environ: Mapping[str, str]) -> tzinfo:
    """The zone of TZ, else of /etc/localtime, else the offset that the machine has now."""
    named = environ.get("TZ", "").lstrip(":")
    found = _zone(named) if named else _zone(_linked_name()) or _from_file()
    return found or datetime.now(UTC).astimezone().tzinfo or UTC


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _linked_name() -> str:
    """The IANA name that /etc/localtime links to, or ""."""
    _folder, found, name = os.path.realpath(LOCALTIME).partition("/zoneinfo/")
    return name if found else ""


def _from_file() -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        with LOCALTIME.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError):
        return None
