"""Letters in the console: where a reply goes is seen before it is sent, and on record afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from supporttui.desk import participants
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.session import Desk
from supporttui.errors import PolicyError
from supporttui.store import notices
from tests.console.driver import Console, at_console, sev1

HEAD = Letterhead(sender="support@vendor.example")


async def mails(desk: Console, letterhead: Letterhead | Callable[[], Letterhead]) -> None:
    """Mail out is set up, or its file has a fault."""

    def given(inner: Desk) -> None:
        inner._letterhead = letterhead

    await desk.app.link.run(given)


async def letters(desk: Console) -> list[str]:
    return await desk.app.link.run(
        lambda inner: [
            one.data["letter"]["text"] for one in notices.waiting(inner.store) if one.kind == "letter"
        ]
    )


async def test_a_reply_says_where_it_goes_and_leaves(tmp_path: Path) -> None:
    async with at_console(tmp_path, [sev1("down", contact_email="joe@acme.example")], size=(80, 24)) as desk:
        await mails(desk, HEAD)
        await desk.press("r")
        desk.sees("PUBLIC: the customer reads this; by mail to joe@acme.example")
        await desk.type("Please send the dump.")
        await desk.press("tab", "enter")
        (text,) = await letters(desk)
        assert text.startswith("Please send the dump.")
        await desk.press("enter")
        desk.sees("reply to the customer (public), by mail to", "joe@acme.example")


async def test_a_customer_without_an_address_is_said_before_anything_is_written(tmp_path: Path) -> None:
    hostile = "joe\x1b]0;owned\x07 @acme"
    tickets = [sev1("down"), sev1("down too", contact_email=hostile)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        await mails(desk, HEAD)
        for why in ("not mailed: no address on file", "not mailed: no usable address"):
            await desk.press("r")
            desk.sees(why)
            await desk.press("escape", "j")
        assert await letters(desk) == []


async def test_a_fault_in_the_channels_file_keeps_the_text(tmp_path: Path) -> None:
    def fault() -> Letterhead:
        raise PolicyError("channels.toml: unknown key 'mial'")

    async with at_console(tmp_path, [sev1("down", contact_email="joe@acme.example")], size=(100, 30)) as desk:
        await mails(desk, fault)
        await desk.press("r")
        desk.sees("can't be sent: channels.toml: unknown key 'mial'")
        await desk.type("Please send the dump.")
        await desk.press("tab", "enter")
        desk.sees("Please send the dump.", "channels.toml: unknown key 'mial'")
        assert await letters(desk) == []


async def test_an_internal_note_goes_nowhere(tmp_path: Path) -> None:
    async with at_console(tmp_path, [sev1("down", contact_email="joe@acme.example")], size=(80, 24)) as desk:
        await mails(desk, HEAD)
        await desk.press("i")
        assert "by mail" not in desk.screen
        await desk.type("The customer is wrong.")
        await desk.press("tab", "enter")
        assert await letters(desk) == []


async def test_how_many_a_reply_reaches_is_seen_on_a_narrow_screen(tmp_path: Path) -> None:
    tickets = [sev1("down", contact_email="joe.of.the.night.shift@subsidiary.acme.example")]
    async with at_console(tmp_path, tickets, size=(60, 20)) as desk:
        await mails(desk, HEAD)
        for name in ("ann", "bob"):
            participants.add(desk.colleague(), 1, f"{name}@acme.example")
        await desk.press("r")
        desk.sees("by mail to 3: ")
