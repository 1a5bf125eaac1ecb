"""The web desk as a Starlette application: which page is where, and what they share.

What a request may learn: the policy's public words, and the ticket that it made itself or holds the secret
link of.  Nothing else of the store reaches a page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from supporttui.desk.tokens import secret_of
from supporttui.errors import StoreError

from .asking import LATEST
from .ground import ground
from .guard import Guarded
from .pages import FOLDER, KEPT, NO_STORE, Pages, style
from .report_form import ReportForm
from .sealing import Seal
from .status_pages import StatusPages
from .thread import DeskThread
from .visits import Visits

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from supporttui.desk.session import Desk
    from supporttui.intake.settings import Intake


class Site:
    """make_desk: called once, in the thread that owns the desk.  log: takes one line for each event, without
    anything that a stranger wrote.  latest: seconds until a question is looked up.  app: for a server.
    """

    def __init__(
        self,
        make_desk: Callable[[], Desk],
        settings: Intake,
        log: Callable[[str], None],
        *,
        latest: float = LATEST,
    ) -> None:
        self.thread = DeskThread(make_desk)
        found = self.thread.call(lambda desk: ground(desk, settings))
        seal = Seal(found.secret)
        visits = Visits(seal, settings.web.url, found.now)
        pages = Pages(found.policy, settings, visits, found.now)
        self.blobs = found.blobs
        self.report = ReportForm(found, self.thread, seal, visits, pages, log)
        self.status = StatusPages(found, self.thread, visits, pages, latest=latest)
        self.app: ASGIApp = Guarded(self._application(pages), visits.secure, log)

    def _application(self, pages: Pages) -> Starlette:
        routes = [
            Route("/", self.report.show, methods=["GET"]),
            Route("/", self.report.take, methods=["POST"]),
            Route("/received/{receipt}", self.report.show_receipt, methods=["GET"]),
            Route("/status", self.status.show, methods=["GET"]),
            Route("/status/", self.status.show, methods=["GET"]),
            Route("/status", self.status.take, methods=["POST"]),
            Route("/status/asked", self.status.show_asked, methods=["GET"]),
            Route("/status/{token}", self.status.show_standing, methods=["GET"]),
            Route("/style-{hash}.css", _style, methods=["GET"]),
            Route("/icon.svg", _icon, methods=["GET"]),
            Route("/robots.txt", _robots, methods=["GET"]),
            Route("/health", self._health, methods=["GET"]),
        ]
        handlers: Mapping[Any, Any] = {HTTPException: pages.no_page, Exception: pages.fault}
        app = Starlette(routes=routes, lifespan=self._living, exception_handlers=handlers)
        app.router.redirect_slashes = False  # it would send on to whatever host the request names
        return app

    @asynccontextmanager
    async def _living(self, _app: Starlette) -> AsyncIterator[None]:
        """At the end every question that was asked is answered."""
        yield
        await self.status.asking.finish()
        self.thread.close()

    async def _health(self, request: Request) -> Response:
        """For whoever watches the server: whether the store can be read."""
        try:
            await self.thread.run(secret_of)
        except StoreError:
            return PlainTextResponse("the store can't be read\n", 503, NO_STORE)
        return PlainTextResponse("ok\n", 200, NO_STORE)


async def _style(_request: Request) -> Response:
    return Response(style(), 200, KEPT, "text/css")


async def _icon(_request: Request) -> Response:
    return Response((FOLDER / "icon.svg").read_bytes(), 200, KEPT, "image/svg+xml")


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n", 200, KEPT)
