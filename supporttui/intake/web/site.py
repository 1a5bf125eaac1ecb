"""The web desk: the Problem Report Form and the status page, as a Starlette application.

What a request may learn: the policy's public words, and the ticket that it made itself or holds the secret
link of.  Nothing else of the store reaches a page.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from supporttui.desk import letters, status_answer
from supporttui.desk.files import blobs_of
from supporttui.desk.status_link import shown_by
from supporttui.desk.tokens import secret_of
from supporttui.errors import DataError, Refused, StoreError, SupportError, UsageError
from supporttui.quickclass import dataclass

from . import entering, fields
from .asking import LATEST, Asking
from .body import Bodies, TooBig, TooSlow, boundary_of, small_form
from .hours import reach
from .multipart import File, Limits, Sent, receive
from .pace import Pace, visitor
from .pages import FOLDER, HEADERS, KEPT, NO_STORE, Pages, style
from .sealing import Seal
from .staging import Staging
from .thread import DeskThread

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from supporttui.desk.session import Desk
    from supporttui.intake.settings import Intake
    from supporttui.policy import Policy

FORM_GOOD_FOR = timedelta(hours=24)
FILE_GOOD_FOR = timedelta(hours=24)
RECEIPT_GOOD_FOR = timedelta(days=7)
TRAP = "second_line"  # a field that no person sees
TEXT_BYTES = 8_000_000  # what a form may have besides its files
REFUSED_AFTER = 0.4  # seconds after which a link that shows nothing is answered, whatever the reason
POSTS, POSTS_IN = 60, timedelta(minutes=10)  # forms sent by one visitor, complete or not
HOUR = timedelta(hours=1)
BY_ALL = 20  # as many times a visitor's reports are taken from all together


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that waits for the rest of its form.  seal: names it when the form comes again."""

    seal: str
    name: str
    size: int


@dataclass(slots=True, kw_only=True)
class Draft:
    """A form on its way: who has it open, and what it holds so far."""

    id: str
    cookie: str
    values: dict[str, str]
    files: list[File]
    faults: dict[str, str]


class Site:
    """make_desk: called once, in the thread that owns the desk.  log: takes one line for each event, without
    anything that a stranger wrote.  latest: seconds until a question is looked up.
    """

    def __init__(
        self,
        make_desk: Callable[[], Desk],
        settings: Intake,
        log: Callable[[str], None],
        *,
        latest: float = LATEST,
    ) -> None:
        self.settings, self.web, self._log = settings, settings.web, log
        self.thread = DeskThread(make_desk)
        self.policy, self.now, secret, blobs = self.thread.call(_ground(settings))
        self.blobs = blobs
        self.seal = Seal(secret)
        most = self.web.most_mb * 1_000_000
        self.stage = Staging(blobs, most)
        self.refused_after = REFUSED_AFTER
        self.limits = Limits(most_bytes=most)
        self.bodies = Bodies(2 * most + TEXT_BYTES)
        self.posts = Pace(POSTS, POSTS_IN, self.now)
        self.reports = Pace(self.web.reports_an_hour, HOUR, self.now)
        self.all_reports = Pace(self.web.reports_an_hour * BY_ALL, HOUR, self.now)
        self.questions = Pace(self.web.questions_an_hour, HOUR, self.now)
        self.asking = Asking(self.thread, answer, latest=latest)
        self.form = fields.groups(self.policy)
        self.secure = self.web.url.startswith("https:")
        address = settings.mail.addresses[0] if settings.mail.addresses else self.policy.vendor.email
        self.pages = Pages(self.web.url, vendor=self.policy.vendor.name, mail=address)
        self.app = self._application()

    def _application(self) -> ASGIApp:
        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            yield
            await self.asking.finish()
            self.thread.close()

        routes = [
            Route("/", self.show_form, methods=["GET"]),
            Route("/", self.take_form, methods=["POST"]),
            Route("/received/{receipt}", self.show_receipt, methods=["GET"]),
            Route("/status", self.show_question, methods=["GET"]),
            Route("/status", self.take_question, methods=["POST"]),
            Route("/status/asked", self.show_asked, methods=["GET"]),
            Route("/status/{token}", self.show_standing, methods=["GET"]),
            Route("/style-{hash}.css", _style, methods=["GET"]),
            Route("/icon.svg", _icon, methods=["GET"]),
            Route("/robots.txt", _robots, methods=["GET"]),
            Route("/health", self.health, methods=["GET"]),
        ]
        handlers: Mapping[Any, Any] = {HTTPException: self._no_page, Exception: self._fault}
        return _Guarded(
            Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), self.secure, self._log
        )

    # -- the report form ---------------------------------------------------------------------------

    async def show_form(self, request: Request) -> Response:
        return self._form(request, self._new(request))

    async def take_form(self, request: Request) -> Response:
        who = _who(request)
        if not self.posts.take(who):
            return self._too_often(request, self.posts.wait(who))
        try:
            draft, fault = await self._read(request)
        except TooBig:
            return self._said(request, 413, "Too much at once", self._too_much())
        except TooSlow:
            return self._said(
                request,
                408,
                "Your report did not arrive",
                ("It came too slowly. Send it again without the files, or call us.",),
            )
        except ClientDisconnect:
            return Response(status_code=400)
        except DataError as error:
            return self._said(
                request,
                400,
                "Your report could not be read",
                (f"{error}.", "Go back and send it again, or call us."),
            )
        if fault:
            return self._form(request, draft, 422, {"form": fault})
        if draft.faults:
            return self._form(request, draft, 422, draft.faults)
        if not (self.reports.take(who) and self.all_reports.take("all")):
            wait = self.reports.wait(who)
            return self._form(request, draft, 429, {"form": _later(wait)}, {"Retry-After": str(wait)})
        return await self._enter(request, draft)

    async def _read(self, request: Request) -> tuple[Draft, str]:
        """The form that was sent, and what is wrong with the sending of it."""
        boundary, foreign = boundary_of(request), self._is_foreign(request)
        cookie, room = self._cookie(request), self.stage.has_room()

        def welcome(values: Mapping[str, str]) -> bool:
            return bool(self._form_id(values, cookie)) and not values.get(TRAP) and not foreign and room

        sent = await self.bodies.read(
            request, lambda chunks: receive(chunks, boundary, self.stage.blobs, self.limits, welcome)
        )
        draft = self._draft(sent, cookie)
        if not room:
            draft.faults.setdefault(
                "files", "No file can be taken at the moment: send the report without, and the files later"
            )
        if foreign:
            return draft, "The form came from another site: look through it and send it again"
        if not self._form_id(sent.values, cookie):
            return draft, "This page was open for too long, or your browser keeps no cookies: send it again"
        if sent.values.get(TRAP):
            return (
                draft,
                "A field that has to stay empty was filled in, perhaps by your browser: it is empty again, so send it once more",
            )
        return draft, ""

    def _draft(self, sent: Sent, cookie: str) -> Draft:
        values = fields.cleaned(self.form, sent.values)
        id = self._form_id(sent.values, cookie)
        before, lost = self._waiting(sent.lists.get("kept", []), id) if id else ([], False)
        faults = fields.faults(self.form, values)
        refused = list(sent.refused)
        if lost:
            refused.append("A file from before is no longer here: choose it again")
        files = _each([*before, *sent.files])
        if sum(one.size for one in files) > self.limits.most_bytes or len(files) > self.limits.most_files:
            refused.append(
                f"The files of one report may be {self.limits.most_files} with {self.web.most_mb} MB together"
            )
        if refused:
            faults["files"] = "; ".join(refused)
        return Draft(id=id, cookie=cookie or secrets.token_hex(16), values=values, files=files, faults=faults)

    def _waiting(self, seals: list[str], id: str) -> tuple[list[File], bool]:
        """The files that came with an earlier try of the same form; whether one is gone."""
        found, lost = [], False
        for seal in seals[: self.limits.most_files]:
            known = self.seal.open("file", seal, self.now(), FILE_GOOD_FOR)
            if known is None or known.pop("form") != id or not self.stage.touch(known["hash"]):
                lost = True
            else:
                found.append(File(**known))
        return found, lost

    async def _enter(self, request: Request, draft: Draft) -> Response:
        def work(desk: Desk) -> entering.Entered:
            return entering.enter(
                desk, draft.id, draft.values, draft.files, stage=self.stage.blobs, blobs=self.blobs
            )

        try:
            done = await self.thread.run(work)
        except UsageError as error:
            return self._form(request, draft, 422, {"form": f"{error}"})
        except Refused:
            return self._form(
                request, draft, 403, {"form": "Reports from this address are not taken here: please call us"}
            )
        except SupportError as error:
            self._log(f"not taken: {error}")
            return self._form(
                request,
                draft,
                503,
                {"form": "Your report could not be stored just now: send it again in a minute, or call us"},
            )
        self._log(
            f"report {done.number}, severity {done.severity}, {len(draft.files)} files{' (again)' if done.again else ''}"
        )
        receipt = {
            "number": done.number,
            "reference": done.reference,
            "severity": done.severity,
            "mailed": done.mailed,
            "call": done.call,
        }
        return self._to(f"/received/{self.seal.close('receipt', receipt, self.now())}")

    async def show_receipt(self, request: Request) -> Response:
        known = self.seal.open("receipt", request.path_params["receipt"], self.now(), RECEIPT_GOOD_FOR)
        if known is None:
            raise HTTPException(404)
        severity = next((one for one in self.policy.severities if one.number == known["severity"]), None)
        return self._page(
            "received.html", here="report", severity_name=severity.name if severity else "",
            resources=severity.resources if severity else "", **known,
        )  # fmt: skip

    # -- the status --------------------------------------------------------------------------------

    async def show_question(self, request: Request) -> Response:
        return self._question(request)

    async def take_question(self, request: Request) -> Response:
        who = _who(request)
        try:
            sent = await small_form(request)
        except (DataError, ClientDisconnect, ValueError):
            raise HTTPException(400) from None
        values = {
            "reference": " ".join(sent.get("reference", "").split())[:60],
            "email": sent.get("email", "").strip()[:254],
        }
        if self._is_foreign(request) or not self._form_id(sent, self._cookie(request)):
            fault = "This page was open for too long, or your browser keeps no cookies: send it again"
            return self._question(request, values, {"reference": fault}, 422)
        faults = _question_faults(values)
        if faults:
            return self._question(request, values, faults, 422)
        if not self.questions.take(who):
            return self._too_often(request, self.questions.wait(who))
        self.asking.ask(values["reference"], values["email"])
        return self._to("/status/asked")

    async def show_asked(self, request: Request) -> Response:
        return self._page("asked.html", here="status")

    async def show_standing(self, request: Request) -> Response:
        began, token = time.monotonic(), request.path_params["token"]
        lines = await self.thread.run(lambda desk: _standing(desk, token))
        if lines is None:
            await asyncio.sleep(max(0.0, began + self.refused_after - time.monotonic()))
            raise HTTPException(404)
        return self._page("standing.html", here="status", number=lines[0].partition(",")[0], lines=lines)

    # -- everything else ---------------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        """For whoever watches the server: whether the store can be read."""
        try:
            await self.thread.run(lambda desk: secret_of(desk))
        except StoreError:
            return PlainTextResponse("the store can't be read\n", 503, NO_STORE)
        return PlainTextResponse("ok\n", 200, NO_STORE)

    def _form(
        self, request: Request, draft: Draft, status: int = 200, faults: Mapping[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:  # fmt: skip
        id = draft.id or secrets.token_hex(16)
        kept = [Kept(seal=self._sealed(one, id), name=one.name, size=one.size) for one in draft.files]
        return self._page(
            "report.html", status, headers, here="report", form=self.form, values=draft.values, faults=faults or {},
            anchors={"form": "main"}, kept=kept, token=self._token(id, draft.cookie), most_mb=self.web.most_mb,
            answers=True, cookie=draft.cookie,
        )  # fmt: skip

    def _question(
        self, request: Request, values: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        draft = self._new(request)
        return self._page(
            "status.html", status, here="status", values=values or {"reference": "", "email": ""}, faults=faults or {},
            token=self._token(draft.id, draft.cookie), cookie=draft.cookie,
        )  # fmt: skip

    def _new(self, request: Request) -> Draft:
        cookie = self._cookie(request) or secrets.token_hex(16)
        return Draft(id=secrets.token_hex(16), cookie=cookie, values={}, files=[], faults={})

    def _sealed(self, file: File, id: str) -> str:
        known = {"hash": file.hash, "name": file.name, "size": file.size, "type": file.type, "form": id}
        return self.seal.close("file", known, self.now())

    def _token(self, id: str, cookie: str) -> str:
        return self.seal.close("form", {"id": id, "cookie": cookie}, self.now())

    def _form_id(self, values: Mapping[str, str], cookie: str) -> str:
        """The id of a form that we gave to this browser not too long ago; "" for any other."""
        known = self.seal.open("form", values.get("token", ""), self.now(), FORM_GOOD_FOR)
        return str(known["id"]) if known and cookie and known["cookie"] == cookie else ""

    @property
    def _cookie_name(self) -> str:
        return "__Host-form" if self.secure else "form"

    def _cookie(self, request: Request) -> str:
        found = request.cookies.get(self._cookie_name, "")
        return found if len(found) == 32 and found.isascii() and found.isalnum() else ""

    def _is_foreign(self, request: Request) -> bool:
        """Whether a browser says that another site sent the form."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        origin = request.headers.get("origin", "")
        ours = {request.headers.get("host", ""), urlsplit(self.web.url).netloc} - {""}
        return bool(origin) and urlsplit(origin).netloc not in ours

    def _page(
        self,
        name: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        *,
        cookie: str = "",
        **values: Any,
    ) -> Response:
        page = self.pages.html(name, status, headers, reach=reach(self.policy, self.now()), **values)
        if cookie:
            page.set_cookie(
                self._cookie_name, cookie, httponly=True, samesite="lax", secure=self.secure, path="/"
            )
        return page

    def _said(
        self,
        request: Request,
        status: int,
        title: str,
        lines: tuple[str, ...],
        headers: dict[str, str] | None = None,
    ) -> Response:
        return self._page("said.html", status, headers, here="", title=title, lines=lines)

    def _too_often(self, request: Request, wait: int) -> Response:
        return self._said(
            request, 429, "Too often", (_later(wait), "If it is urgent, call us."), {"Retry-After": str(wait)}
        )

    def _too_much(self) -> tuple[str, ...]:
        return (
            f"The files of one report may have {self.web.most_mb} MB together. Nothing was kept.",
            "Go back, take the largest away and send the report: you get a number, and the rest can follow under it.",
        )

    def _to(self, path: str) -> Response:
        return RedirectResponse(f"{self.pages.base}{path}", 303, NO_STORE)

    async def _no_page(self, request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return self._said(
                request, 404, "There is no such page", ("The link may be cut short or out of date.",)
            )
        return self._said(
            request,
            error.status_code,
            "That did not work",
            ("Go back and try again, or call us.",),
            dict(error.headers or {}),
        )

    async def _fault(self, request: Request, error: Exception) -> Response:
        return self._said(
            request,
            500,
            "That did not work",
            ("Something is broken on our side. Try again in a minute, or call us.",),
        )


def answer(desk: Desk, reference: str, address: str) -> None:
    """Send the status to an address on file, if the two belong together."""
    number = status_answer.owed_to(desk, reference, address)
    if number:
        letters.status(desk, number, status_answer.answer(desk, number).lines(), to=address)


def _ground(settings: Intake) -> Callable[[Desk], tuple[Policy, Callable[[], datetime], bytes, Any]]:
    return lambda desk: (desk.policy, desk.now, secret_of(desk), blobs_of(desk, settings))


def _standing(desk: Desk, token: str) -> tuple[str, ...] | None:
    number = shown_by(desk, token)
    return status_answer.answer(desk, number).lines() if number else None


def _question_faults(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the writing alone: whether there is such a ticket is nobody's business."""
    found = {}
    if not values["reference"]:
        found["reference"] = "Enter the reference of your report"
    if not fields.ADDRESS.fullmatch(values["email"]):
        found["email"] = "Enter an e-mail address such as ann@example.com"
    return found


def _each(files: list[File]) -> list[File]:
    """The same content under the same name once."""
    return list({(one.hash, one.name): one for one in files}.values())


def _later(wait: int) -> str:
    minutes = -(-wait // 60)
    return f"That was too often in a short time: try again in {minutes} minute{'s' if minutes > 1 else ''}"


def _who(request: Request) -> str:
    return visitor(request.client.host if request.client else "")


async def _style(_request: Request) -> Response:
    return Response(style(), 200, KEPT, "text/css")


async def _icon(_request: Request) -> Response:
    return Response((FOLDER / "icon.svg").read_bytes(), 200, KEPT, "image/svg+xml")


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n", 200, KEPT)


class _Guarded:
    """Every answer carries the headers that keep a browser from doing anything but show it."""

    def __init__(self, app: ASGIApp, secure: bool, log: Callable[[str], None]) -> None:
        self._app, self._log = app, log
        more = {"Strict-Transport-Security": "max-age=31536000"} if secure else {}
        self._headers = [
            (name.lower().encode(), value.encode()) for name, value in {**HEADERS, **more}.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        try:
            await self._app(scope, receive, guarded if scope["type"] == "http" else send)
        except Exception as error:
            self._log(f"fault: {type(error).__name__} at {_place(error)}")


def _place(error: Exception) -> str:
    """Where a fault lies, without a word of what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if "supporttui" in one.filename] or frames
    return f"{os.path.basename(own[-1].filename)}:{own[-1].lineno}"
