"""The web desk without a server: requests go straight to the application, on a store in memory."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace

import httpx
import pytest

from supporttui.clock import ManualClock
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.session import Desk
from supporttui.intake.settings import read_intake
from supporttui.intake.web.site import Site
from supporttui.store import open_store

MONDAY = datetime(2026, 11, 16, 16, 0, tzinfo=UTC)  # 10:00 in Chicago: the desk is open
REPORT = {
    "customer": "Globex", "contact": "Ann Lee", "contact_email": "ann@globex.example", "contact_phone": "+1 555 0100",
    "product": "NETEX", "release": "7.1", "os": "z/OS", "os_release": "2.5", "severity": "2",
    "subject": "Transfers stop at noon", "description": "They stop.\r\nEvery day.",
}  # fmt: skip


class Browser:
    """Somebody at the pages: keeps cookies, reads forms and sends them again as a browser does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def token(self, path: str = "/") -> str:
        return token_in((await self.get(path)).text)

    async def report(
        self, files=(), token: str | None = None, headers=None, kept=(), **changes: str
    ) -> httpx.Response:
        values = {
            "token": await self.token() if token is None else token,
            "second_line": "",
            **REPORT,
            **changes,
        }
        fields = [(name, (None, value)) for name, value in values.items()]
        fields += [("kept", (None, one)) for one in kept]
        return await self.client.post(
            "/", files=[*fields, *(("files", one) for one in files)], headers=headers or {}
        )

    async def ask(self, reference: str, email: str, token: str | None = None) -> httpx.Response:
        values = {"token": await self.token("/status") if token is None else token}
        return await self.client.post("/status", data={**values, "reference": reference, "email": email})

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code == 303, answer.text
        return await self.get(answer.headers["location"])


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def kept_in(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'name="kept" id="[^"]+" value="([^"]+)"', page)]


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split("<body>")[1])).split())


@pytest.fixture
def clock():
    return ManualClock(MONDAY)


@pytest.fixture
def web(clock, tmp_path):
    """A web desk; `web.desk(work)` does something at its desk."""
    with web_desk(clock, tmp_path) as made:
        yield made


@contextmanager
def web_desk(clock, tmp_path, *, mails: bool = True, policy: str = "netex"):
    lines: list[str] = []
    settings = read_intake(
        f'[files]\nfolder = "{tmp_path / "files"}"\n[web]\nmost_mb = 1\nurl = "http://desk.example"', "t"
    )
    head = Letterhead(
        sender="support@vendor.example", own=frozenset({"support@vendor.example"}), url="http://desk.example"
    )
    site = Site(
        lambda: Desk(open_store(":memory:"), policy, clock, "web", letterhead=head if mails else None),
        settings,
        lines.append,
        latest=0.0,
    )
    yield SimpleNamespace(site=site, desk=site.thread.call, log=lines, settings=settings)
    site.thread.close()


@asynccontextmanager
async def visiting(web, address: str = "192.0.2.7"):
    transport = httpx.ASGITransport(app=web.site.app, client=(address, 4711), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield Browser(client)


@pytest.fixture
async def browser(web):
    async with visiting(web) as browser:
        yield browser
