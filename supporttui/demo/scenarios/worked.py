"""Scenarios of time that is worked: the stopwatch, and a decision against the verdict."""

from __future__ import annotations

from supporttui.desk.session import Desk
from supporttui.store import worked

from .day import FRIDAY
from .people import RESTARTS, TUNNEL, reported
from .script import Fact, Scenario, Typed, holds, journal, keys, passes, press, step


def _two(desk: Desk) -> None:
    for hours, new in ((5, RESTARTS), (3, TUNNEL)):
        reported(desk, new, hours=hours)


def _billable(number: int, minutes: int, reason: str) -> Fact:
    """So much time on the ticket is to be charged, for this reason."""

    def fact(desk: Desk) -> str:
        rows = [(row.minutes, row.reason) for row in worked.of_ticket(desk.store, number) if row.billable]
        return "" if rows == [(minutes, reason)] else f"billable on {number}: {rows}"

    return fact


stopwatch = Scenario(
    name="stopwatch-and-billing",
    story="A stopwatch runs while a trace is read; the telephone rings; the time is logged, and charged with a reason.",
    start=FRIDAY,
    set_up=_two,
    steps=(
        step("Ticket 2, the tunnel: its stopwatch starts, and the top line shows it.", *press("go"), Typed("2"), keys("enter"), *press("timer"), sees="0m #2"),
        step("Twelve minutes over the trace.", passes(minutes=12), sees="12m #2"),
        step("A call about ticket 1: its stopwatch runs, the other one rests.", *press("go"), Typed("1"), keys("enter"), *press("timer"), sees="0m #1 +1"),
        step("Three minutes later time is logged: what the watch shows stands there already.", passes(minutes=3), *press("log-time"), sees="3m "),
        step("Enter takes what the verdict says.", Typed("call with Initech"), keys("enter"), facts=(holds(1, minutes_logged=3), journal(1, "effort", "call with Initech"))),
        step("Back to ticket 2.", *press("go"), Typed("2"), keys("enter"), *press("timer"), passes(minutes=8), sees="20m #2"),
        step("This time is charged although the verdict doesn't say so …", *press("log-time"), Typed("the trace"), keys("tab", "down", "enter"), sees="Why is this time billable?"),
        step("… for a reason, which goes onto the bill.", Typed("agreed on the telephone"), keys("enter"), facts=(holds(2, minutes_logged=20), _billable(2, 20, "agreed on the telephone")), misses="#2 +"),
    ),
)  # fmt: skip

ALL = (stopwatch,)
