"""Who takes part in a ticket, from the console."""

from __future__ import annotations

import pytest

from supporttui.desk import participants
from tests.console.driver import at_console, sev1


@pytest.fixture
def size():
    return (80, 24)


def people(desk, number=4):
    return [one.email for one in participants.of(desk.colleague("look"), number)]


async def opens(desk):
    await desk.press("p")
    await desk.type("people")
    await desk.press("enter")


async def test_somebody_takes_part_and_no_longer_and_again(desk):
    await opens(desk)
    desk.sees("Who takes part in 4", "now nobody")
    await desk.type("ann")
    await desk.press("enter")
    desk.sees("is no e-mail address")
    await desk.type("@acme.example Bo@acme.example")
    await desk.press("enter")
    desk.said("takes part ann@acme.example Bo@acme.example")
    assert people(desk) == ["ann@acme.example", "bo@acme.example"]
    await desk.press(":")
    await desk.type("people -ann@acme.example")
    await desk.press("enter")
    assert people(desk) == ["bo@acme.example"]
    await desk.press("u")
    assert people(desk) == ["ann@acme.example", "bo@acme.example"]
    await desk.press("u")
    assert people(desk) == []


async def test_all_or_none_of_a_line_is_done(desk):
    await desk.press(":")
    await desk.type("people ann@acme.example -kim@acme.example")
    await desk.press("enter")
    desk.sees("takes no part")
    assert people(desk) == []


async def test_the_ticket_names_them(tmp_path):
    async with at_console(tmp_path, [sev1("down")], size=(160, 48)) as desk:
        raj = desk.colleague("raj")
        for name in ("ann", "bob", "kim", "lee", "sue"):
            participants.add(raj, 1, f"{name}@acme.example")
        await desk.passes(seconds=10)
        desk.sees("with ann@acme.example", "kim@acme.example", "and 2 more")
        desk.sees_not("lee@acme.example")


async def test_who_takes_part_is_seen_and_completed(desk):
    for name in ("ann.of.the.night.shift", "bob", "kim"):
        participants.add(desk.colleague(), 4, f"{name}@acme.example")
    await opens(desk)
    desk.sees("now 3: ann.of.the.night.shift@acme.example")
    await desk.type("-k")
    await desk.press("tab", "enter")
    assert people(desk) == ["ann.of.the.night.shift@acme.example", "bob@acme.example"]
