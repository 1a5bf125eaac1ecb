"""What the journal tells of a reply's way to the customer, in words; imports nothing, so that a list may use it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SHOWN = 3  # addresses


def mailed(data: Mapping[str, Any]) -> str:
    """ ", by mail to x@c.example", ", not mailed: no address on file", "" where mail out was not set up."""
    to = data.get("to")
    if isinstance(to, list | tuple) and to:
        more = f" and {len(to) - SHOWN} more" if len(to) > SHOWN else ""
        return f", by mail to {', '.join(str(one) for one in to[:SHOWN])}{more}"
    return f", not mailed: {data['not_sent']}" if data.get("not_sent") else ""
