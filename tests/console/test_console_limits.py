"""What the policy doesn't allow is said while it can still be corrected; what can't be read ends no console."""

from __future__ import annotations

import pytest

from supporttui.desk import look
from supporttui.errors import StoreError
from tests.console.driver import Console


async def test_a_promise_beyond_the_policy_is_refused_where_it_is_typed(desk: Console):
    await desk.press("a", "ctrl+u")
    await desk.type("in 900d")
    await desk.press("enter")
    desk.sees("in 900d", "at the latest; the policy says so")
    assert desk.ticket(4).acknowledged_until is None
    await desk.press("ctrl+u")
    await desk.type("in 2h")
    await desk.press("enter")
    assert desk.ticket(4).acknowledged_until is not None


async def test_a_snooze_beyond_the_policy_is_refused_where_it_is_typed(desk: Console):
    await desk.press("Z", "ctrl+u")
    await desk.type("in 900d")
    await desk.press("enter")
    desk.sees("in 900d", "at the latest; the policy says so")
    await desk.press("escape")
    assert desk.ticket(4).snoozed_until is None


async def test_a_number_that_can_t_be_looked_up_is_said_and_the_console_goes_on(
    desk: Console, monkeypatch: pytest.MonkeyPatch
):
    def gone(*_args: object, **_more: object) -> None:
        raise StoreError("the store is gone")

    monkeypatch.setattr(look, "ticket", gone)
    await desk.press("#")
    await desk.type("99")
    await desk.press("enter")
    desk.sees("the store is gone")
    await desk.press("escape")
    desk.queue.cursor_on(4)
