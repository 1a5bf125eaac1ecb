"""Scenarios that test nerves: nothing at all, a hostile stranger, a journal without end, every way of looking."""

from __future__ import annotations

from datetime import UTC, datetime

from supporttui.desk import change, write
from supporttui.desk.report import NewTicket
from supporttui.desk.session import Desk

from .people import COUNT, DOWN, RESTARTS, TUNNEL, reported
from .script import ANALYST, Scenario, Typed, arrives, before, holds, journal, keys, press, step

FRIDAY = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)  # 14:46 at the desk


def _nothing(desk: Desk) -> None:
    """A desk on its first day."""


empty = Scenario(
    name="empty-desk",
    story="The first day: an empty desk says which keys come first, and takes its first report.",
    start=FRIDAY,
    set_up=_nothing,
    steps=(
        step("Nothing has been reported yet. The desk says what to press.", sees=("report a problem", "all keys")),
        step("A key that needs a ticket says so instead of doing nothing.", *press("severity"), said="no ticket is under the cursor"),
        step("Report a problem: the form names what the policy asks for.", *press("report"), sees="missing"),
        step("Half a report is better than none.", Typed("BFX job waits for a tape"), keys("enter"), Typed("2"), keys("enter"), Typed("Hooli"), sees="Hooli"),
        step("Esc keeps it as a draft; the same key goes on with it.", keys("escape"), *press("report"), sees="BFX job waits for a tape"),
        step("Back to the buttons, and report it.", keys("shift+tab", "enter"), rows="BFX job waits", facts=(holds(1, severity=2, customer="Hooli"),)),
    ),
)  # fmt: skip


def _ordinary(desk: Desk) -> None:
    reported(desk, RESTARTS, hours=2)


_ESC = "\x1b"
HOSTILE = NewTicket(
    subject=f"{_ESC}]0;pwned\aUrgent {_ESC}[2J{_ESC}[31mopen the attachment\u202e gnp.exe [/b] [link=x]",
    description=f"Dear desk,{_ESC}]52;c;cm0gLXJmIH4K\a\r\n{_ESC}[?1049lplease click {_ESC}]8;;https://evil.example\a here.\x9b5n",
    severity=1,
    customer=f"Evil {_ESC}[6n Corp",
    channel="email",
)


hostile = Scenario(
    name="hostile-mail",
    story="A mail full of control sequences, markup and bidi tricks: it stays text wherever it shows.",
    start=FRIDAY,
    set_up=_ordinary,
    steps=(
        step("An ordinary ticket.", rows="Transfers restart"),
        step("A stranger's mail arrives. What would steer a terminal is shown as marks.", arrives(HOSTILE), *press("first"), sees="Urgent", cursor=2),
        step("Opened, it still obeys nobody.", *press("open"), sees=("please click", "here.")),
        step("In a dialog's title as well.", *press("severity"), sees="Severity of 2"),
        step("A prank, and no Severity 1.", keys("4"), facts=(holds(2, severity=4),)),
        step("Tag it, so that everybody sees it.", *press("tag"), Typed("spam"), keys("enter"), facts=holds(2, tags=("spam",))),
        step("And back.", keys("escape"), rows="Transfers restart"),
    ),
)  # fmt: skip

ENTRIES = 240


def _long(desk: Desk) -> None:
    """A ticket of three weeks: both sides have written a lot, and somebody has noted everything."""
    reported(desk, TUNNEL, hours=ENTRIES + 1, severity=4)
    for place in range(ENTRIES):
        at = {"hours": ENTRIES - place}
        if place % 3 == 0:
            write.customer_message(
                before(desk, "email", **at),
                1,
                f"Drop number {place} at {place % 24:02}:00. The trace is attached.",
            )
        elif place % 3 == 1:
            write.note(
                before(desk, "raj", **at),
                1,
                f"Trace {place}: {'a retransmission storm right before the drop. ' * (place % 5 + 1)}",
            )
        else:
            write.reply(before(desk, ANALYST, **at), 1, f"We have read trace {place - 2} and go on looking.")
    reported(desk, COUNT, hours=2)


long_journal = Scenario(
    name="long-journal",
    story="A ticket of 240 entries: it opens at once, newest first, and is read page by page.",
    start=FRIDAY,
    set_up=_long,
    steps=(
        step("Ticket 1 has a history of ten days.", *press("go"), Typed("1"), keys("enter"), cursor=1),
        step("It opens at once, newest first.", *press("open"), sees="HyperIP tunnel"),
        step("Page by page …", *press("page-down", "page-down"), sees="race"),
        step("… and back, line by line.", *press("page-up", "up", "down"), sees="race"),
        step("Each entry as one line …", *press("first", "fold-all"), sees="HyperIP tunnel"),
        step("… from one to the next …", *press("next-entry", "next-entry", "previous-entry"), sees="race"),
        step("… and in full again.", *press("unfold-all"), sees="race"),
        step("To the end, and to the beginning again.", *press("last", "first"), sees="HyperIP tunnel"),
        step("A note goes on top.", *press("note"), Typed("Summary: the far side's firewall."), keys("tab", "enter"), sees="firewall", facts=journal(1, "note", "firewall")),
        step("Back to the queue: the cursor is where it was.", keys("escape"), cursor=1),
    ),
)  # fmt: skip


def _four(desk: Desk) -> None:
    reported(desk, COUNT, hours=40)
    reported(desk, RESTARTS, hours=30)
    reported(desk, TUNNEL, hours=20)
    reported(desk, DOWN, by="phone", hours=1)
    change.set_owner(before(desk, "raj", minutes=30), 3, "raj")


looking = Scenario(
    name="looking-around",
    story="Every way of looking: rows, panes, zoom, views, finding, the keys page, a verb by its name.",
    start=FRIDAY,
    set_up=_four,
    steps=(
        step("Letters and arrows move; the cursor holds a ticket, not a row.", *press("down", "down", "up"), cursor=3),
        step("To the ends.", *press("last", "first"), cursor=4),
        step("A screen at a time.", *press("page-down", "page-up"), cursor=4),
        step("To the next pane and back.", *press("next-pane", "previous-pane"), cursor=4),
        step("To a pane by its number: the timers …", *press("timers"), sees="Escalation timers"),
        step("… the ticket …", *press("detail"), sees="NETEX crashes z/OS"),
        step("… and the queue.", *press("queue"), rows="NETEX crashes"),
        step("A pane over the whole screen, and back.", *press("zoom"), misses="Escalation timers"),
        step("The same key brings the others back.", *press("zoom"), sees="Escalation timers"),
        step("Narrow what is shown while you type.", *press("find"), Typed("tunnel"), misses="NETEX crashes", rows="HyperIP tunnel"),
        step("Esc shows all again.", keys("escape"), rows="NETEX crashes"),
        step("All keys on one page: type to filter.", *press("help"), Typed("severity"), sees="severity", misses="one row down"),
        step("Esc leaves it.", keys("escape"), rows="NETEX crashes"),
        step("A verb by its name.", *press("command"), Typed("mess"), keys("enter"), sees="Messages"),
        step("And back.", keys("escape"), rows="NETEX crashes"),
        step("Mark, unmark: nothing was changed by looking.", *press("mark"), sees="1 marked"),
        step("Away with the mark.", *press("unmark"), misses="marked", facts=holds(4, version=1)),
    ),
)  # fmt: skip

ALL = (empty, hostile, long_journal, looking)
