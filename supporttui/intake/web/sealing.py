"""What the pages hand to a browser and believe when it comes back: sealed, dated, and good for one purpose.

Nothing is kept for a form that somebody has open: its id, the cookie that it belongs to and the files that
have arrived travel in the page, under a signature made with the store's secret.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

LONGEST = 8_000  # characters of a seal that are looked at
SIGNATURE = 20  # bytes


class Seal:
    """Signs and opens.  secret: of the store, so that a restart or a second process changes nothing."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"web forms", "sha256")

    def close(self, purpose: str, values: dict[str, Any], now: datetime) -> str:
        """A text of letters, digits, - and _ that carries the values."""
        body = json.dumps([int(now.timestamp()), values], separators=(",", ":"), sort_keys=True).encode()
        return _text(self._signature(purpose, body) + body)

    def open(self, purpose: str, text: str, now: datetime, good_for: timedelta) -> dict[str, Any] | None:
        """The values of a text that was sealed for this purpose and isn't too old; None for anything else."""
        raw = _raw(text)
        signature, body = raw[:SIGNATURE], raw[SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(purpose, body)):
            return None
        made, values = json.loads(body)
        age = now.timestamp() - made
        return values if -300 <= age <= good_for.total_seconds() else None

    def _signature(self, purpose: str, body: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + body, "sha256")[:SIGNATURE]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    """The bytes of a seal; b"" for what is none."""
    if len(text) > LONGEST or not text.isascii():
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
