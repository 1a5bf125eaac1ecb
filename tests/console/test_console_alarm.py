"""The alarm at a console: a new Severity 1, one that escalates, one that somebody else acknowledges."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.console.alarm import Plan
from supporttui.desk import attention
from supporttui.terminal import osc
from tests.console.driver import CHICAGO, Console, at_console, sev1, ticket


@pytest.fixture
def sent(desk: Console) -> list[str]:
    out: list[str] = []
    desk.app.alarm._write = out.append
    return out


def bells(sent: list[str]) -> int:
    count = sum(one.count("\a") for one in sent)
    sent.clear()
    return count


async def acknowledged(desk: Console, number: int) -> None:
    colleague = desk.colleague("raj")
    attention.acknowledge(colleague, number, desk.clock.now() + timedelta(minutes=30))
    await desk.beat()


async def test_a_new_one_rings_in_whatever_view_and_is_named(desk: Console, sent: list[str]):
    await desk.press("]", "]", "]")
    number = desk.arrives(sev1("everything is down"))
    await desk.beat()
    assert any(f"Severity 1 new: {number}" in one for one in sent)
    assert any(osc.title(f"S1:2 4 {number}") in one for one in sent)
    desk.said(f"Severity 1: {number}")
    assert bells(sent) == 1


async def test_it_rings_until_a_colleague_acknowledges(desk: Console, sent: list[str]):
    number = desk.arrives(sev1("everything is down"))
    await acknowledged(desk, 4)
    sent.clear()
    await desk.passes(seconds=61)
    assert bells(sent) == 1
    await acknowledged(desk, number)
    assert sent == [osc.title("supporttui") + osc.pop_title()]
    await desk.passes(seconds=61)
    await desk.passes(seconds=61)
    assert bells(sent) == 0


async def test_ones_own_report_doesnt_ring(desk: Console, sent: list[str]):
    await acknowledged(desk, 4)
    sent.clear()
    desk.app.reader.reported(5)
    desk.arrives(sev1("down at Acme"))
    await desk.beat()
    assert bells(sent) == 0


async def test_a_severity_3_is_told_and_not_rung(desk: Console, sent: list[str]):
    desk.arrives(ticket("a question"))
    await desk.beat()
    desk.said("1 new")
    assert bells(sent) == 0


async def test_an_escalation_rings_once_however_many_rungs_fire(desk: Console, sent: list[str]):
    await acknowledged(desk, 4)
    number = desk.arrives(sev1("down", reported_at=desk.clock.now()))
    await desk.beat()
    await acknowledged(desk, number)
    sent.clear()
    await desk.passes(hours=5)
    told = [one for one in sent if "Severity 1 escalated" in one]
    assert len(told) == 1 and bells(sent) == 1
    desk.sees("escalated")


async def test_hush_is_shown_and_a_new_one_rings_in_spite_of_it(desk: Console, sent: list[str]):
    await desk.press(":")
    await desk.type("alarm")
    await desk.press("enter")
    desk.sees("Alarm: rings for 4", "a new Severity 1 rings all the same")
    await desk.press("h")
    assert "hushed 10 min" in desk.header
    await desk.passes(seconds=61)
    assert "hushed 9 min" in desk.header and bells(sent) == 0
    desk.arrives(sev1("another"))
    await desk.beat()
    assert bells(sent) == 1
    await desk.passes(minutes=9)
    assert "hushed" not in desk.header and bells(sent) >= 1


async def test_the_alarm_can_be_tested(desk: Console, sent: list[str]):
    await desk.press(":")
    await desk.type("alarm")
    await desk.press("enter", "t")
    assert bells(sent) == 1
    desk.said("sent to the terminal: bell, desktop notice")


async def test_an_alarm_that_is_off_stands_in_the_top_line(tmp_path: Path):
    plan = Plan(loud=frozenset(), zone=CHICAGO)
    async with at_console(tmp_path, [sev1("down")], size=(120, 40), alarm=plan) as desk:
        assert "alarm off" in desk.header
        out: list[str] = []
        desk.app.alarm._write = out.append
        desk.arrives(sev1("another"))
        await desk.beat()
        desk.said("1 new, 1 Sev 1")
        assert out == []
