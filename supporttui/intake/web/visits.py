"""Who is at a page: which browser has a form open, from where it is sent, and whose limits it counts for.

Invariant: a form is taken only from the browser that got it, from our own page, and within a day.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .pace import visitor
from .sealing import Seal

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

GOOD_FOR = timedelta(hours=24)
FIRST = "token"  # the field that comes before all others


def new_id() -> str:
    return secrets.token_hex(16)


class Visits:
    """url: what customers type, "" for wherever it is asked.  now: the clock, aware UTC."""

    def __init__(self, seal: Seal, url: str, now: Callable[[], datetime]) -> None:
        self._seal, self._now = seal, now
        self._ours = urlsplit(url).netloc
        self.secure = url.startswith("https:")
        self._name = "__Host-form" if self.secure else "form"

    def cookie(self, request: Request) -> str:
        """What this browser is known by; "" for one that shows none of ours."""
        found = request.cookies.get(self._name, "")
        return found if len(found) == 32 and found.isascii() and found.isalnum() else ""

    def know(self, page: Response, cookie: str) -> None:
        """Have the browser come back with its cookie."""
        page.set_cookie(self._name, cookie, httponly=True, samesite="lax", secure=self.secure, path="/")

    def token(self, id: str, cookie: str) -> str:
        """What goes into a form, so that it is known again."""
        return self._seal.close("form", {"id": id, "cookie": cookie}, self._now())

    def form_id(self, values: Mapping[str, str], cookie: str) -> str:
        """The id of a form that we gave to this browser not too long ago; "" for any other."""
        known = self._seal.open("form", values.get(FIRST, ""), self._now(), GOOD_FOR)
        return str(known["id"]) if known and cookie and known["cookie"] == cookie else ""

    def is_foreign(self, request: Request) -> bool:
        """Whether a browser says that another site sent the form."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        origin = request.headers.get("origin", "")
        ours = {request.headers.get("host", ""), self._ours} - {""}
        return bool(origin) and urlsplit(origin).netloc not in ours


def who(request: Request) -> str:
    """Whose limits a request counts for."""
    return visitor(request.client.host if request.client else "")
