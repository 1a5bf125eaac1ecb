"""The pages as HTML: Jinja2 with autoescape on, and every text that somebody wrote made inert first.

No page holds a script, a style or an address of its own: what `HEADERS` allows is all there is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jinja2
from starlette.responses import HTMLResponse, RedirectResponse

from supporttui.desk.attachments import size_text
from supporttui.terminal.safe import clean, clean_line

from .hours import reach

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import Response

    from supporttui.intake.settings import Intake
    from supporttui.policy import Policy

    from .visits import Visits

FOLDER = Path(__file__).with_name("pages")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it a browser hides from us where a form comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
}
NO_STORE = {"Cache-Control": "no-store"}
KEPT = {"Cache-Control": "public, max-age=86400, immutable"}


class Pages:
    """Makes answers.  visits: whose cookies they carry.  now: the clock, aware UTC."""

    def __init__(self, policy: Policy, settings: Intake, visits: Visits, now: Callable[[], datetime]) -> None:
        self._policy, self._visits, self._now = policy, visits, now
        self.base = urlsplit(settings.web.url).path.rstrip("/")
        addresses = settings.mail.addresses
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"safe_line": clean_line, "safe_text": clean, "size": size_text}
        self._environment.globals |= {
            "base": self.base, "style": f"{self.base}/style-{style_name()}.css", "vendor": policy.vendor.name,
            "mail": addresses[0] if addresses else policy.vendor.email,
        }  # fmt: skip

    def page(
        self,
        name: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        cookie: str = "",
        **values: Any,
    ) -> Response:
        """A page that nobody keeps.  cookie: what the browser is known by from now on."""
        template = self._environment.get_template(name)
        text = template.render(reach=reach(self._policy, self._now()), **values)
        page = HTMLResponse(text, status, {**NO_STORE, **(headers or {})})
        if cookie:
            self._visits.know(page, cookie)
        return page

    def said(
        self, status: int, title: str, *lines: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page with a few lines of text."""
        return self.page("said.html", status, headers, here="", title=title, lines=lines)

    def too_often(self, wait: int) -> Response:
        """wait: seconds."""
        return self.said(
            429, "Too often", later(wait), "If it is urgent, call us.", headers={"Retry-After": str(wait)}
        )

    def to(self, path: str) -> Response:
        """On to another page of ours."""
        return RedirectResponse(f"{self.base}{path}", 303, NO_STORE)

    async def no_page(self, request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return self.said(404, "There is no such page", "The link may be cut short or out of date.")
        return self.said(
            error.status_code,
            "That did not work",
            "Go back and try again, or call us.",
            headers=error.headers,
        )

    async def fault(self, request: Request, error: Exception) -> Response:
        return self.said(
            500, "That did not work", "Something is broken on our side. Try again in a minute, or call us."
        )


def later(wait: int) -> str:
    """wait: seconds."""
    minutes = -(-wait // 60)
    return f"That was too often in a short time: try again in {minutes} minute{'s' if minutes > 1 else ''}"


@cache
def style() -> bytes:
    return (FOLDER / "style.css").read_bytes()


@cache
def style_name() -> str:
    """Changes with the style, so that a browser may keep it."""
    return hashlib.sha256(style()).hexdigest()[:12]
