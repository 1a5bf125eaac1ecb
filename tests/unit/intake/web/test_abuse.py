"""What one visitor may take from all others: nothing that they would miss; and whose words a letter carries."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

from supporttui.desk import book
from supporttui.intake.web import staging
from supporttui.store import notices

from .conftest import visiting

HEAD = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
FORM = {"Content-Type": "multipart/form-data; boundary=X"}


def know_ann(desk):
    book.add(desk, "customer", {"name": "Globex"})
    book.add(desk, "contact", {"customer": "Globex", "name": "Ann Lee", "email": "ann@globex.example"})


async def test_a_form_in_a_contacts_name_sends_nobodys_words_to_the_contact(web, browser):
    web.desk(know_ann)
    bait = "Your password ends: visit http://evil.example now"
    assert (await browser.report(subject=bait, contact="Visit evil.example")).status_code == 303
    ((letter,),) = [
        [
            one.data["letter"]
            for one in web.desk(lambda desk: notices.of_ticket(desk.store, 1))
            if one.kind == "letter"
        ]
    ]
    assert letter["to"] == "ann@globex.example" and "evil.example" not in f"{letter}"


async def test_who_sends_slowly_holds_up_nobody_else(web):
    go_on = asyncio.Event()

    async def dripping():
        yield HEAD
        await go_on.wait()

    async with AsyncExitStack() as stack:
        slow = await stack.enter_async_context(visiting(web, "192.0.2.66"))
        other = await stack.enter_async_context(visiting(web, "192.0.2.7"))
        posts = [
            asyncio.create_task(slow.client.post("/", content=dripping(), headers=FORM)) for _ in range(30)
        ]
        try:
            await asyncio.sleep(0)
            assert (await asyncio.wait_for(other.report(), 5)).status_code == 303
        finally:
            go_on.set()
            codes = [one.status_code for one in await asyncio.gather(*posts)]
        assert codes.count(429) >= 20 and set(codes) == {400, 429}
        assert (await slow.report()).status_code == 303


async def test_who_finishes_no_form_fills_the_stage_for_nobody_else(web):
    async with visiting(web, "192.0.2.66") as greedy, visiting(web, "192.0.2.7") as other:
        for n in range(25):
            await greedy.report(files=[("dump", bytes([n]) * 900_000, "")], description="")
        assert "No file can be taken" in (await greedy.report(files=[("a", b"y", "")], description="")).text
        assert (await other.report(files=[("core", b"x", "")])).status_code == 303


async def test_what_was_taken_makes_room(web, browser):
    for n in range(19):
        answer = await browser.report(files=[("dump", bytes([n]) * 900_000, "")], subject=f"problem {n}")
        assert answer.status_code == 303, n
    stage = web.site.report.stage
    assert stage.sweep(time.time() - staging.OLD) == 0
    assert stage.sweep(time.time() - staging.OLD + staging.SENT_AGAIN + 60) == 19


async def test_no_answer_repeats_a_host_that_somebody_made_up(web, browser):
    for path in ("/status/", "/status/asked/", "/received/x/", "//evil.example/", "/nowhere"):
        answer = await browser.client.get(
            path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
        assert "evil.example" not in f"{answer.headers}{answer.text}", path
    assert (await browser.get("/status/")).status_code == 200
