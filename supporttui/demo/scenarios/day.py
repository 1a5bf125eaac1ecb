"""Scenarios of the day: triage, many tickets at once, mistakes, duplicates, customers on the telephone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from supporttui.desk import change, close, write
from supporttui.desk.session import Desk

from .people import COUNT, DOWN, RESTARTS, TAPE, TUNNEL, reported
from .script import (
    ANALYST,
    Scenario,
    Typed,
    arrives,
    before,
    holds,
    journal,
    keys,
    press,
    step,
)

MONDAY = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)  # 08:05 at the desk
FRIDAY = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)  # 14:46 at the desk


def _weekend(desk: Desk) -> None:
    """Five reports that came by mail over the weekend; the policy's default severity, nobody's."""
    for hours, new in ((40, COUNT), (30, TAPE), (20, RESTARTS), (12, TUNNEL), (2, DOWN)):
        reported(desk, new, hours=hours, severity=3)


triage = Scenario(
    name="triage-morning",
    story="Monday 08:05, five new reports: set severities, give them to people, tag, answer the first one.",
    start=MONDAY,
    set_up=_weekend,
    steps=(
        step("The mail of the weekend, all with the same severity.", rows=("byte count", "BFX"), sees="5"),
        step("The tabs are views. Back and forth through them: New holds them all.", *press("next-view", "next-view", "next-view", "next-view"), sees="[New (5)]"),
        step("Go to ticket 5 by its number.", *press("go"), Typed("5"), keys("enter"), cursor=5),
        step("A system that is down is no Severity 3.", *press("severity"), keys("1"), facts=holds(5, severity=1)),
        step("Every deadline was derived anew, from the initial report. Take it.", *press("take"), facts=holds(5, owner=ANALYST)),
        step("The tunnel goes to raj.", *press("go"), Typed("4"), keys("enter"), *press("assign"), Typed("raj"), keys("enter"), facts=holds(4, owner="raj")),
        step("A tag, so that the next one finds it.", *press("tag"), Typed("mtu"), keys("enter"), facts=holds(4, tags=("mtu",))),
        step("Back to the open tickets: the Severity 1 is on top.", *press("previous-view", "previous-view", "previous-view", "previous-view", "first"), cursor=5, sees="[Open (5)]"),
        step("Its status: work has begun.", *press("status"), sees="waiting-customer", facts=holds(5, severity=1)),
        step("Open.", keys("1"), facts=holds(5, status="open")),
    ),
)  # fmt: skip


def _finished(desk: Desk) -> None:
    """Five questions that have been answered, and one tunnel that hasn't."""
    for place in range(5):
        reported(desk, COUNT, hours=40 + place, subject=f"Answered question {place + 1}")
        write.reply(before(desk, ANALYST, hours=30 - place), place + 1, "Corrected in the next release.")
    reported(desk, TUNNEL, hours=3)


bulk_close = Scenario(
    name="bulk-close",
    story="Five questions are answered: mark them, resolve them at once, and take it all back with one key.",
    start=FRIDAY,
    set_up=_finished,
    steps=(
        step("Narrow what is shown by a word that the rows share.", *press("find"), Typed("answered"), keys("enter"), misses="HyperIP tunnel"),
        step("A range: from here …", *press("first", "range"), sees="a range begins here"),
        step("… to the last row.", *press("last", "range"), sees="5 marked"),
        step("Resolve them: the question names the tickets and how many they are.", *press("close"), sees="5 tickets"),
        step("One batch, five journals. The rows stay, dimmed, until you refresh.", keys("r"), facts=tuple(holds(number, status="resolved") for number in range(1, 6)), rows=("resolved",)),
        step("That was too early? One undo takes the batch back.", *press("undo"), facts=tuple(holds(number, status="open") for number in range(1, 6))),
        step("And one redo does it again.", *press("redo"), facts=tuple(holds(number, status="resolved") for number in range(1, 6))),
        step("Take the marks away and read anew: only the tunnel is left.", *press("unmark", "refresh"), keys("escape"), rows="HyperIP tunnel", misses="Answered question 1"),
    ),
)  # fmt: skip


def _two(desk: Desk) -> None:
    reported(desk, RESTARTS, hours=6)
    reported(desk, TUNNEL, hours=3)


undo_mistake = Scenario(
    name="undo-a-mistake",
    story="A wrong severity and a wrong owner: both go back, in the order in which they were done.",
    start=FRIDAY,
    set_up=_two,
    steps=(
        step("Two tickets. The cursor is on the tunnel, Severity 2.", cursor=2),
        step("A slip: Severity 4.", *press("severity"), keys("4"), facts=holds(2, severity=4)),
        step("And it is taken, though it ought to be raj's.", *press("take"), facts=holds(2, owner=ANALYST)),
        step("One step back …", *press("undo"), said="undone", facts=(holds(2, owner="", severity=4),)),
        step("… and another: as it was, with its deadlines.", *press("undo"), facts=holds(2, owner="", severity=2)),
        step("The taking was right after all: no, the severity comes back first.", *press("redo"), facts=holds(2, severity=4)),
        step("So once more back. Nothing is erased: the journal has every step.", *press("undo"), facts=holds(2, severity=2), cursor=2),
        step("What the console said is kept, too.", *press("messages"), sees=("Messages", "undone")),
        step("Esc leaves.", keys("escape"), rows="HyperIP tunnel"),
    ),
)  # fmt: skip


def _many(desk: Desk) -> None:
    _two(desk)
    reported(desk, COUNT, hours=20)
    reported(desk, DOWN, by="phone", hours=1)
    change.set_owner(before(desk, "raj", minutes=30), 4, "raj")


save_view = Scenario(
    name="query-and-save-view",
    story="Ask a query, let the console point at the slip in it, and keep it as a view.",
    start=FRIDAY,
    set_up=_many,
    steps=(
        step("A query: what is severe and nobody's?", *press("query"), keys("ctrl+u"), Typed("sevv:1,2 owner:none"), keys("enter"), sees="did you mean"),
        step("The column is marked, the nearest word named. Written right:", keys("ctrl+u"), Typed("sev:1,2 owner:none"), keys("enter"), rows="HyperIP tunnel", misses="NETEX crashes"),
        step("Keep it as a view.", *press("save-view"), sees="Save as a view"),
        step("Its name; and it is yours alone.", keys("ctrl+u"), Typed("Nobody's"), keys("enter", "enter"), sees="Nobody's"),
        step("It counts like the others, and finds what arrives.", arrives(replace(TUNNEL, subject="HyperIP is slow")), *press("refresh"), rows="HyperIP is slow"),
    ),
)  # fmt: skip


def _twins(desk: Desk) -> None:
    reported(desk, TUNNEL, hours=6)
    reported(desk, TUNNEL, by="phone", hours=3, subject="Tunnel to Malmö is down again", channel="phone")
    reported(desk, RESTARTS, hours=5)


merge = Scenario(
    name="merge-duplicates",
    story="The same problem by mail and by telephone: one ticket is merged into the other.",
    start=FRIDAY,
    set_up=_twins,
    steps=(
        step("Tickets 1 and 2 are the same tunnel of the same customer.", rows=("HyperIP tunnel", "Malmö")),
        step("On ticket 2: merge …", *press("go"), Typed("2"), keys("enter"), *press("merge"), sees="erge"),
        step("… into 1. It stops escalating and points there; 1 says where it came from.", Typed("1"), keys("enter", "y"), facts=holds(2, merged_into=1)),
        step("Merged by mistake? Undo takes it back.", *press("undo"), facts=holds(2, merged_into=0)),
    ),
)  # fmt: skip


customer = Scenario(
    name="customer-look-up",
    story="The telephone rings: who is it, what runs there, what is open?",
    start=FRIDAY,
    set_up=_many,
    steps=(
        step("Globex is on the telephone. Their ticket is under the cursor.", *press("go"), Typed("2"), keys("enter"), cursor=2),
        step("The customer's page: people, releases, tickets.", *press("customers"), sees=("Globex", "Mara Lindqvist")),
        step("Back to the queue.", keys("escape"), cursor=2),
    ),
)  # fmt: skip


def _reopened(desk: Desk) -> None:
    _two(desk)
    close.close(before(desk, "raj", hours=1), 1)


reopen = Scenario(
    name="reopen-and-answer",
    story="A closed ticket comes back: find it, reopen it, answer and wait for the customer.",
    start=FRIDAY,
    set_up=_reopened,
    steps=(
        step("Initech calls: ticket 1 is back. It is closed, so no view shows it.", *press("go"), Typed("1"), keys("enter"), sees=("Transfers restart", "closed")),
        step("Reopen it. The clock counts from the initial report; nothing is forgiven.", *press("close"), keys("o"), facts=holds(1, status="open")),
        step("Answer.", *press("reply"), Typed("It is open again; please send the log."), sees="please send the log"),
        step("Send and wait: the status becomes waiting-customer.", keys("tab", "right", "enter"), facts=(holds(1, status="waiting-customer"), journal(1, "reply", "send the log", public=True))),
        step("Back to the queue.", keys("escape"), rows="HyperIP tunnel"),
    ),
)  # fmt: skip

aside = Scenario(
    name="aside-and-related",
    story="Log the time, link what belongs together, put aside what can wait, and repeat a verb elsewhere.",
    start=FRIDAY,
    set_up=_many,
    steps=(
        step("Ticket 2, the tunnel.", *press("go"), Typed("2"), keys("enter"), cursor=2),
        step("Log the time that it took.", *press("log-time"), Typed("45m reading the trace"), keys("enter"), facts=holds(2, minutes_logged=45)),
        step("It has to do with ticket 1: link them.", *press("link"), Typed("1"), keys("enter", "enter"), facts=journal(2, "linked")),
        step("A tag …", *press("tag"), Typed("mtu"), keys("enter"), facts=holds(2, tags=("mtu",))),
        step("… and the same on another ticket: one key repeats the verb with its answer.", *press("go"), Typed("1"), keys("enter"), *press("repeat"), facts=holds(1, tags=("mtu",))),
        step("A question that can wait is put aside until tomorrow.", *press("go"), Typed("3"), keys("enter"), *press("snooze"), keys("enter"), facts=journal(3, "snoozed")),
        step("Its clocks go on; it comes back by itself. Refresh: it is out of the way.", *press("refresh"), misses="byte count"),
        step("Mark all that is shown, and take the marks away.", *press("mark-all"), sees="all 3 are marked"),
        step("Nothing was done to them.", *press("unmark"), misses="marked"),
    ),
)  # fmt: skip

ALL = (triage, bulk_close, undo_mistake, save_view, merge, customer, reopen, aside)
