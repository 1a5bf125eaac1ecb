"""How a report stands: asked for at a page and answered by letter, or shown at once to who has the secret link."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from supporttui.desk import letters, status_answer
from supporttui.desk.status_link import shown_by
from supporttui.errors import DataError

from . import fields
from .asking import Asking
from .body import small_form
from .pace import Pace
from .pages import Pages
from .report_form import FOREIGN, STALE
from .thread import DeskThread
from .visits import Visits, new_id, who

if TYPE_CHECKING:
    from supporttui.desk.session import Desk

    from .ground import Ground

REFUSED_AFTER = 0.4  # seconds after which a link that shows nothing is answered, whatever the reason
HOUR = timedelta(hours=1)


class StatusPages:
    """latest: seconds until a question is looked up."""

    def __init__(
        self, ground: Ground, thread: DeskThread, visits: Visits, pages: Pages, *, latest: float
    ) -> None:
        self._thread, self._visits, self._pages = thread, visits, pages
        self._mails = ground.mails
        self.questions = Pace(ground.settings.web.questions_an_hour, HOUR, ground.now)
        self.asking = Asking(thread, answer, latest=latest)
        self.refused_after = REFUSED_AFTER

    async def show(self, request: Request) -> Response:
        return self._page(request)

    async def take(self, request: Request) -> Response:
        by = who(request)
        try:
            sent = await small_form(request)
        except (DataError, ClientDisconnect, ValueError):
            raise HTTPException(400) from None
        values = {
            "reference": " ".join(sent.get("reference", "").split())[:60],
            "email": sent.get("email", "").strip()[:254],
        }
        if faults := self._faults(request, sent, values):
            return self._page(request, values, faults, 422)
        if not self.questions.take(by):
            return self._pages.too_often(self.questions.wait(by))
        self.asking.ask(values["reference"], values["email"])
        return self._pages.to("/status/asked")

    async def show_asked(self, request: Request) -> Response:
        return self._pages.page("asked.html", here="status")

    async def show_standing(self, request: Request) -> Response:
        """The status of a secret link; one that was made up is answered after a set time."""
        began, token = time.monotonic(), request.path_params["token"]
        lines = await self._thread.run(lambda desk: standing(desk, token))
        if lines is None:
            await asyncio.sleep(max(0.0, began + self.refused_after - time.monotonic()))
            raise HTTPException(404)
        return self._pages.page(
            "standing.html", here="status", number=lines[0].partition(",")[0], lines=lines
        )

    def _faults(self, request: Request, sent: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with the writing alone: whether there is such a ticket is nobody's business."""
        if self._visits.is_foreign(request):
            return {"form": FOREIGN}
        if not self._visits.form_id(sent, self._visits.cookie(request)):
            return {"form": STALE}
        found = {}
        if not values["reference"]:
            found["reference"] = "Enter the reference of your report"
        if not fields.is_address(values["email"]):
            found["email"] = "Enter an e-mail address such as ann@example.com"
        return found

    def _page(
        self, request: Request, values: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        cookie = self._visits.cookie(request) or new_id()
        return self._pages.page(
            "status.html", status, cookie=cookie, here="status", values=values or {"reference": "", "email": ""},
            faults=faults or {}, anchors={"form": "main"}, token=self._visits.token(new_id(), cookie), mails=self._mails,
        )  # fmt: skip


def answer(desk: Desk, reference: str, address: str) -> None:
    """Send the status to an address on file, if the two belong together."""
    number = status_answer.owed_to(desk, reference, address)
    if number:
        letters.status(desk, number, status_answer.answer(desk, number).lines(), to=address)


def standing(desk: Desk, token: str) -> tuple[str, ...] | None:
    """The lines that a secret link shows; None for a text that is no such link."""
    number = shown_by(desk, token)
    return status_answer.answer(desk, number).lines() if number else None
