"""The Problem Report Form: shown, sent, shown again with what is missing, and taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from supporttui.errors import DataError, Refused, SupportError, UsageError
from supporttui.quickclass import dataclass

from . import entering, fields
from .body import Bodies, TooBig, TooMany, TooSlow, boundary_of
from .multipart import File, Limits, Sent, receive
from .pace import Pace
from .pages import Pages, later
from .sealing import Seal
from .staging import Staging
from .thread import DeskThread
from .visits import Visits, new_id, who

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.store.blobs import Blobs

    from .ground import Ground

RECEIPT_GOOD_FOR = timedelta(days=7)
FILE_GOOD_FOR = timedelta(hours=24)
TRAP = "second_line"  # a field that no person sees
TEXT_BYTES = 8_000_000  # what a form may have besides its files
POSTS, POSTS_IN = 60, timedelta(minutes=10)  # forms sent by one visitor, complete or not
AGAIN_AFTER = 60  # seconds, for who sends too many at the same time
HOUR = timedelta(hours=1)
BY_ALL = 20  # as many times a visitor's reports are taken from all together

STALE = "This page was open for too long, or your browser keeps no cookies: send it again"
FOREIGN = "The form came from another site: look through it and send it again"
TRAPPED = "A field that has to stay empty was filled in, perhaps by your browser: it is empty again, send it once more"
NO_ROOM = "No file can be taken at the moment: send the report without, and the files later"
BLOCKED = "Reports from this address are not taken here: please call us"
NOT_STORED = "Your report could not be stored just now: send it again in a minute, or call us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that waits for the rest of its form.  seal: names it when the form comes again."""

    seal: str
    name: str
    size: int


@dataclass(slots=True, kw_only=True)
class Draft:
    """A form on its way.  id: "" when it is none that we gave out.  cookie: who has it open.  faults: what is
    missing or wrong, by field.
    """

    id: str
    cookie: str
    values: dict[str, str]
    files: list[File]
    faults: dict[str, str]


class ReportForm:
    """log: takes a line for each report, without anything that a stranger wrote."""

    def __init__(
        self,
        ground: Ground,
        thread: DeskThread,
        seal: Seal,
        visits: Visits,
        pages: Pages,
        log: Callable[[str], None],
    ) -> None:
        self._policy: Policy = ground.policy
        self._blobs: Blobs = ground.blobs
        self._mails, self._now = ground.acknowledges, ground.now
        self._thread, self._seal, self._visits, self._pages, self._log = thread, seal, visits, pages, log
        web = ground.settings.web
        most = web.most_mb * 1_000_000
        self.most_mb = web.most_mb
        self.stage = Staging(ground.blobs, most)
        self._limits, self._bodies = Limits(most_bytes=most), Bodies(2 * most + TEXT_BYTES)
        self._posts = Pace(POSTS, POSTS_IN, ground.now)
        self._reports = Pace(web.reports_an_hour, HOUR, ground.now)
        self._all_reports = Pace(web.reports_an_hour * BY_ALL, HOUR, ground.now)
        self._form = fields.groups(ground.policy)

    async def show(self, request: Request) -> Response:
        cookie = self._visits.cookie(request) or new_id()
        return self._page(Draft(id=new_id(), cookie=cookie, values={}, files=[], faults={}))

    async def take(self, request: Request) -> Response:
        by = who(request)
        if not self._posts.take(by):
            return self._pages.too_often(self._posts.wait(by))
        try:
            draft = await self._read(request, by)
        except TooMany:
            return self._pages.too_often(AGAIN_AFTER)
        except (DataError, ClientDisconnect) as error:
            return self._unread(error)
        if draft.faults:
            return self._page(draft, 422)
        if not (self._reports.take(by) and self._all_reports.take("all")):
            wait = self._reports.wait(by)
            return self._again(draft, 429, later(wait), {"Retry-After": str(wait)})
        return await self._enter(draft, by)

    async def show_receipt(self, request: Request) -> Response:
        known = self._seal.open("receipt", request.path_params["receipt"], self._now(), RECEIPT_GOOD_FOR)
        if known is None:
            raise HTTPException(404)
        named = next((one for one in self._policy.severities if one.number == known["severity"]), None)
        words: dict[str, Any] = {
            "severity_name": named.name if named else "",
            "resources": named.resources if named else "",
        }
        return self._pages.page("received.html", here="report", **known, **words)

    # -- what was sent -----------------------------------------------------------------------------

    async def _read(self, request: Request, by: str) -> Draft:
        """The form that was sent, with what is wrong in it.  Errors: DataError, ClientDisconnect."""
        boundary, foreign = boundary_of(request), self._visits.is_foreign(request)
        cookie, room = self._visits.cookie(request), await anyio.to_thread.run_sync(self.stage.has_room, by)

        def refusal(values: Mapping[str, str]) -> str:
            if foreign:
                return FOREIGN
            if not self._visits.form_id(values, cookie):
                return STALE
            return TRAPPED if values.get(TRAP) else ""

        turned_away: list[str] = []

        def welcome(values: Mapping[str, str]) -> bool:
            turned_away.extend([] if room else [NO_ROOM])
            return room and not refusal(values)

        sent = await self._bodies.read(
            request, by, lambda chunks: receive(chunks, boundary, self.stage.blobs, self._limits, welcome)
        )
        self.stage.count(by, sum(one.size for one in sent.files))
        sent.refused += turned_away
        draft = self._draft(sent, cookie)
        if refused := refusal(sent.values):
            draft.faults = {"form": refused}
        return draft

    def _draft(self, sent: Sent, cookie: str) -> Draft:
        id = self._visits.form_id(sent.values, cookie)
        values = fields.cleaned(self._form, sent.values)
        before, lost = self._waiting(sent.lists.get("kept", []), id)
        files, faults = _each([*before, *sent.files]), fields.faults(self._form, values)
        refused = [*sent.refused, *lost, *self._too_many(files)]
        if refused:
            faults["files"] = "; ".join(refused)
        return Draft(id=id, cookie=cookie or new_id(), values=values, files=files, faults=faults)

    def _waiting(self, seals: Sequence[str], id: str) -> tuple[list[File], list[str]]:
        """The files that came with an earlier try of the same form, and a line if one is gone."""
        found, lost = [], False
        for seal in seals[: self._limits.most_files] if id else ():
            known = self._seal.open("file", seal, self._now(), FILE_GOOD_FOR)
            if known is None or known.pop("form") != id or not self.stage.touch(known["hash"]):
                lost = True
            else:
                found.append(File(**known))
        return found, ["A file from before is no longer here: choose it again"] if lost else []

    def _too_many(self, files: Sequence[File]) -> list[str]:
        fits = (
            len(files) <= self._limits.most_files
            and sum(one.size for one in files) <= self._limits.most_bytes
        )
        most = f"{self._limits.most_files} with {self.most_mb} MB together"
        return [] if fits else [f"The files of one report may be {most}: take some away"]

    # -- what becomes of it ------------------------------------------------------------------------

    async def _enter(self, draft: Draft, by: str) -> Response:
        try:
            await self._thread.run(lambda desk: entering.check_welcome(desk, draft.values))
            held = await anyio.to_thread.run_sync(entering.keep, draft.files, self.stage.blobs, self._blobs)
            done = await self._thread.run(
                lambda desk: entering.enter(desk, draft.id, draft.values, held, blobs=self._blobs)
            )
        except UsageError as error:
            return self._again(draft, 422, str(error))
        except Refused:
            return self._again(draft, 403, BLOCKED)
        except SupportError as error:
            self._log(f"not taken: {error}")
            return self._again(draft, 503, NOT_STORED)
        self.stage.finish(by, [blob for _, blob in held])
        told = f"report {done.number}, severity {done.severity}, {len(held)} files"
        self._log(f"{told}, was there before" if done.again else told)
        receipt = {
            name: getattr(done, name) for name in ("number", "reference", "severity", "mailed", "call")
        }
        return self._pages.to(f"/received/{self._seal.close('receipt', receipt, self._now())}")

    def _unread(self, error: Exception) -> Response:
        """The answer to a body that is no whole form."""
        if isinstance(error, TooBig):
            most = f"The files of one report may have {self.most_mb} MB together. Nothing was kept."
            rest = "Go back, take the largest away and send the report: you get a number, and the rest can follow."
            return self._pages.said(413, "Too much at once", most, rest)
        if isinstance(error, TooSlow):
            what = "It came too slowly. Send it again without the files, or call us."
            return self._pages.said(408, "Your report did not arrive", what)
        why = f"{error}." if str(error) else "It broke off."
        return self._pages.said(
            400, "Your report could not be read", why, "Go back and send it again, or call us."
        )

    def _again(
        self, draft: Draft, status: int, fault: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        draft.faults = {"form": fault}
        return self._page(draft, status, headers)

    def _page(self, draft: Draft, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        id = draft.id or new_id()
        kept = [Kept(seal=self._sealed(one, id), name=one.name, size=one.size) for one in draft.files]
        return self._pages.page(
            "report.html", status, headers, cookie=draft.cookie, here="report", form=self._form, values=draft.values,
            faults=draft.faults, anchors={"form": "main"}, kept=kept, token=self._visits.token(id, draft.cookie),
            most_mb=self.most_mb, mails=self._mails,
        )  # fmt: skip

    def _sealed(self, file: File, id: str) -> str:
        known = {"hash": file.hash, "name": file.name, "size": file.size, "type": file.type, "form": id}
        return self._seal.close("file", known, self._now())


def _each(files: Sequence[File]) -> list[File]:
    """The same content under the same name once."""
    return list({(one.hash, one.name): one for one in files}.values())
