"""Scenarios of the night shift: a system is down, deadlines pass, the line drops, the watch is handed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from supporttui.desk import attention, change, close, write
from supporttui.desk.session import Desk

from .people import COUNT, DOWN, RESTARTS, TAPE, TUNNEL, reported
from .script import (
    ANALYST,
    Drops,
    Others,
    Scenario,
    Typed,
    arrives,
    before,
    holds,
    journal,
    journal_lacks,
    keys,
    passes,
    press,
    step,
)

NIGHT = datetime(2026, 11, 21, 8, 12, tzinfo=UTC)  # Saturday 02:12 at the desk, which is closed
HOUR = timedelta(hours=1)


def _quiet(desk: Desk) -> None:
    """1 a question, 2 transfers that restart, 3 a tape: nobody waits for any of them tonight."""
    reported(desk, COUNT, hours=30)
    reported(desk, RESTARTS, hours=26)
    reported(desk, TAPE, hours=25)
    change.set_owner(before(desk, "raj", hours=20), 2, "raj")


night_sev1 = Scenario(
    name="night-sev1",
    story="At 02:12 a system goes down: take it, promise, write down what you know, escalate.",
    start=NIGHT,
    set_up=_quiet,
    steps=(
        step("A quiet night. The queue is sorted by what is due next.", rows=("Transfers", "BFX", "byte count"), cursor=2),
        step(
            "A Severity 1 comes in by telephone. It is announced and rings; your cursor stays where it is.",
            arrives(DOWN, "phone"),
            said=("1 new, 1 Sev 1: 4",),
            cursor=2,
        ),
        step("To the first row: the most urgent one is on top.", *press("first"), cursor=4, rows="NETEX crashes"),
        step("Open it. Looking is not acknowledging.", *press("open"), sees=("NETEX crashes z/OS", "S0C4"), facts=holds(4, acknowledged_until=None)),
        step("Take it: the night shift knows whose it is.", *press("take"), facts=holds(4, owner=ANALYST)),
        step(
            "Acknowledge it: by when does the customer hear from you?",
            *press("acknowledge"),
            sees="next update",
        ),
        step(
            "In 45 minutes. That is a promise, with a deadline of its own.",
            keys("ctrl+u"),
            Typed("in 45m"),
            keys("enter"),
            said=("acknowledged, next update by", "02:57"),
            facts=(holds(4, acknowledged_until=NIGHT + timedelta(minutes=45)),),
        ),
        step("What you know goes into an internal note.", *press("note"), Typed("S0C4 in the subtask attach; dump is on the way."), sees="dump is on the way"),
        step("Tab, Enter: written.", keys("tab", "enter"), facts=journal(4, "note", "subtask attach", public=False)),
        step("The promise passes without a word to the customer: the ticket is overdue again.", passes(minutes=46), keys("escape"), rows="OVER"),
        step("You can't reach anybody. Escalate by hand: it asks first, the safe answer is in front.", *press("escalate"), sees="Escalate 4", facts=journal_lacks(4, "escalated")),
        step("Yes: the next role of the ladder is told, and the journal says so.", keys("y"), said="escalated", facts=journal(4, "escalated")),
    ),
)  # fmt: skip


def _one_down(desk: Desk) -> None:
    _quiet(desk)
    reported(desk, DOWN, by="ana", hours=2)
    change.set_owner(before(desk, ANALYST, hours=1), 4, ANALYST)


reply_dropped = Scenario(
    name="reply-with-draft-and-dropped-line",
    story="The line drops in the middle of a reply; the next console goes on where it broke off.",
    start=NIGHT,
    set_up=_one_down,
    steps=(
        step("The Severity 1 is yours. The customer waits for an answer.", cursor=4, rows="NETEX crashes"),
        step("A reply is public, and the dialog says so.", *press("reply"), sees="PUBLIC"),
        step("You write …", Typed("We have your dump and are reading it."), sees="are reading it"),
        step("… and the line drops. What was written is kept as a draft.", Drops(), sees="unsent draft", facts=journal_lacks(4, "reply")),
        step("Everything unsent is on one page, of this ticket and of others.", *press("drafts"), sees="We have your dump"),
        step("Esc leaves it.", keys("escape"), rows="NETEX crashes"),
        step("The same key goes on with it.", *press("reply"), sees="We have your dump"),
        step("Finish the sentence.", Typed(" Next update by 04:00."), sees="by 04:00"),
        step("Send it. The draft is gone, the customer has an answer.", keys("tab", "enter"), facts=journal(4, "reply", "by 04:00.", public=True)),
    ),
)  # fmt: skip


STORM = 6


def _storm(desk: Desk) -> None:
    """Six Severity 1 tickets of one outage whose eighth hour ends within a minute, and two quiet ones."""
    for site in range(1, STORM + 1):
        left = timedelta(seconds=15 + 5 * site)
        name = {"subject": f"Site {site} is down", "customer": f"Site {site}"}
        reported(desk, DOWN, by="phone", hours=(8 * HOUR - left) / HOUR, **name)
    reported(desk, COUNT, hours=30)
    reported(desk, RESTARTS, hours=26)


overdue_storm = Scenario(
    name="overdue-storm",
    story="Six deadlines pass in the same minute: each fires once, and one key answers all of them.",
    start=NIGHT,
    set_up=_storm,
    steps=(
        step("Six sites are down since the evening; their eighth hours end in a minute.", rows=tuple(f"Site {place + 1}" for place in range(STORM)), sees="in 0:00:"),
        step(
            "The minute passes. Every rung fires once, and its row says so by glyph, word and colour.",
            passes(minutes=1),
            rows=("OVER",) * STORM,
            facts=tuple(journal(number, "escalated", actor="clock") for number in range(1, STORM + 1)),
        ),
        step("Mark all six …", *press("first", "mark", "mark", "mark", "mark", "mark", "mark"), sees="6 marked"),
        step("… and acknowledge them together: one promise for all.", *press("acknowledge"), sees="6 tickets"),
        step(
            "In an hour. Six journals, one undo.",
            keys("ctrl+u"),
            Typed("in 1h"),
            keys("enter"),
            facts=tuple(holds(number, overdue_since=None) for number in range(1, STORM + 1)),
        ),
        step("Take the marks away. The queue is calm until the promise passes.", *press("unmark"), misses="OVER"),
    ),
)  # fmt: skip


def _shift(desk: Desk) -> None:
    """A shift in which one rung fired without an answer, one promise is due, and one ticket was solved."""
    reported(desk, DOWN, by="ana", hours=9)
    reported(desk, TUNNEL, hours=50)
    reported(desk, RESTARTS, hours=26)
    change.set_owner(before(desk, ANALYST, hours=3), 2, ANALYST)
    attention.acknowledge(before(desk, ANALYST, hours=2), 2, desk.now() + 4 * HOUR)
    write.note(before(desk, ANALYST, hours=2), 2, "Waits for the trace of the next drop.")
    close.resolve(before(desk, ANALYST, hours=1), 3, "Set the block size to 32 kB.")


handover = Scenario(
    name="handover",
    story="The end of a shift: what fires next, what nobody has answered, what has changed.",
    start=NIGHT + 4 * HOUR,
    set_up=_shift,
    steps=(
        step("Six in the morning, the next shift comes. What must it know?", cursor=1),
        step("The handover page says it: what was told and not answered, what fires next, what changed.", *press("handover"), sees=("Handover", "NETEX crashes", "HyperIP tunnel")),
        step("Back to the queue.", keys("escape"), rows="NETEX crashes"),
        step("The wall shows Severity 1 and overdue only, to be read across the room.", *press("wall"), sees="NETEX"),
        step("And back.", keys("escape"), cursor=1, rows="NETEX crashes"),
    ),
)  # fmt: skip


def _busy_night(desk: Desk) -> None:
    _one_down(desk)
    reported(desk, TUNNEL, hours=5)


collision = Scenario(
    name="collision",
    story="A colleague changes the ticket while your dialog is open: you are told before anything is written.",
    start=NIGHT,
    set_up=_busy_night,
    steps=(
        step("Ticket 4, Severity 1. You are about to lower its severity.", *press("severity"), sees="Severity of 4", cursor=4),
        step("Meanwhile raj, at another console, sets it to 3.", Others("raj", lambda desk: change.set_severity(desk, 4, 3)), sees="Severity of 4"),
        step("Your 2 is not written over his 3: the console says who changed what.", keys("2"), sees="raj", facts=holds(4, severity=3)),
        step("Nothing of yours was lost, nothing of his either. Leave it as it is.", keys("escape"), rows="NETEX crashes", facts=holds(4, severity=3)),
        step("The cursor is still on ticket 4, wherever it is sorted now.", passes(seconds=1), cursor=4),
    ),
)  # fmt: skip

ALL = (night_sev1, reply_dropped, overdue_storm, collision, handover)
