"""What the journal tells of a telephone call, in words; imports nothing, so that a list may use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def called(data: Mapping[str, Any]) -> str:
    """ "called by Joe, +1 612 555 0142", "called Joe, +1 612 555 0142: nobody answered"."""
    whom = ", ".join(str(data[name]) for name in ("person", "phone") if data.get(name))
    if data.get("way") == "in":
        return f"called by {whom or 'the customer'}"
    return f"called {whom or 'the customer'}" + ("" if data.get("reached", True) else ": nobody answered")
