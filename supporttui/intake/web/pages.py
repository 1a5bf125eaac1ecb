"""The pages as HTML: Jinja2 with autoescape on, and every text that somebody wrote made inert first.

No page holds a script, a style or an address of its own: what `HEADERS` allows is all there is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from starlette.responses import HTMLResponse

from supporttui.desk.attachments import size_text
from supporttui.terminal.safe import clean, clean_line

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
    """url: what customers type, "" for wherever it is asked; its path goes before every link."""

    def __init__(self, url: str, **always: Any) -> None:
        self.base = urlsplit(url).path.rstrip("/")
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["safe_line"] = clean_line
        self._environment.filters["safe_text"] = clean
        self._environment.filters["size"] = size_text
        self._environment.globals.update(
            base=self.base, style=f"{self.base}/style-{style_name()}.css", **always
        )

    def html(
        self, name: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> HTMLResponse:
        """A page that nobody keeps."""
        text = self._environment.get_template(name).render(**values)
        return HTMLResponse(text, status, {**NO_STORE, **(headers or {})})


@cache
def style() -> bytes:
    return (FOLDER / "style.css").read_bytes()


@cache
def style_name() -> str:
    """Changes with the style, so that a browser may keep it."""
    return hashlib.sha256(style()).hexdigest()[:12]
