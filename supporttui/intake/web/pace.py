"""How often one visitor may do something: counted in memory, for an address or the network that it is of.

A limit is there for the desk and never eats a report: whoever meets one is told so, with the telephone
numbers, and keeps what was typed.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

MOST_KNOWN = 10_000  # visitors that are remembered; the one that was seen longest ago is forgotten first


class Pace:
    """At most `most` of something within `stretch`, for each key.  now: the clock, aware UTC."""

    def __init__(self, most: int, stretch: timedelta, now: Callable[[], datetime]) -> None:
        self.most, self.stretch, self._now = most, stretch, now
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Count one more; False when there were too many, which counts nothing."""
        now = self._now()
        seen = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while seen and now - seen[0] >= self.stretch:
            seen.popleft()
        if len(seen) >= self.most:
            return False
        seen.append(now)
        while len(self._seen) > MOST_KNOWN:
            self._seen.popitem(last=False)
        return True

    def wait(self, key: str) -> int:
        """Seconds until one more is allowed; at least 1."""
        seen = self._seen.get(key)
        if not seen or len(seen) < self.most:
            return 1
        return max(1, int((seen[0] + self.stretch - self._now()).total_seconds()))


def visitor(address: str) -> str:
    """Whose limit an address counts for: itself, or its /64, since a network of IPv6 has that many."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
