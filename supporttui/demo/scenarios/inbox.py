"""What comes in by itself at night: mail in a ticket's name, spam, a file of nobody, a Severity 1 without a call."""

from __future__ import annotations

from datetime import UTC, datetime

from supporttui.desk import inbox, participants, senders
from supporttui.desk.session import Desk

from .people import COUNT, TAPE, TUNNEL, reported
from .script import Fact, Others, Scenario, Typed, holds, journal, keys, passes, press, step
from .telephone import customer

NIGHT = datetime(2026, 11, 21, 8, 12, tzinfo=UTC)  # Saturday 02:12 at the desk, which is closed
HOME = "mara.l@freemail.example"
SPAM = "sales@bulk.example"


def _night(desk: Desk) -> None:
    """1 a question, 2 a tunnel that drops, 3 a tape; Acme Corp is in the book with its contacts."""
    reported(desk, COUNT, hours=30)
    reported(desk, TUNNEL, hours=26)
    reported(desk, TAPE, hours=25)
    customer(desk)


def _mail(
    sender: str, subject: str, text: str, *, name: str = "", about: int = 0, vouched: bool = False
) -> Others:
    from supporttui.demo.arrivals import mail_comes

    return Others(
        "mail", lambda desk: mail_comes(desk, sender, subject, text, name=name, about=about, vouched=vouched)
    )


def _file(desk: Desk) -> None:
    from supporttui.demo.arrivals import file_comes

    file_comes(desk, "SVCDUMP.T0212.bin", b"SVC DUMP OF REGION NETEX\n" * 4000, place="northwind")


def _takes_part(desk: Desk) -> str:
    found = [one.email for one in participants.of(desk, 2)]
    return "" if found == [HOME] else f"participants of 2: {found}"


def _blocked(desk: Desk) -> str:
    return "" if senders.blocked_by(desk, SPAM) else f"{SPAM} is not blocked"


def _waits(number: int) -> Fact:
    def fact(desk: Desk) -> str:
        return "" if inbox.count(desk)[0] == number else f"{inbox.count(desk)[0]} wait, not {number}"

    return fact


odd_mail = Scenario(
    name="odd-mail",
    story="A night of odd mail: what nobody can match waits in the inbox, where one key decides and one undo takes it back.",
    start=NIGHT,
    set_up=_night,
    steps=(
        step("A quiet night.", rows=("HyperIP tunnel", "BFX job"), misses="inbox"),
        step(
            "A mail bears the reference of ticket 2, but its sender takes no part in it. It is held, and the top line counts it.",
            _mail(HOME, "HyperIP tunnel", "It is me, Mara, writing from home.\nCould you send me the trace again?", name="Mara Lindqvist", about=2),
            passes(seconds=6), passes(seconds=6),
            sees="inbox 1",
            facts=_waits(1),
        ),
        step("One key shows what waits, and why.", *press("inbox"), sees=("Held", HOME, "HyperIP tunnel drops")),
        step("Read it before you decide: who wrote, what vouches for it, the words.", keys("enter"), sees=("Mara Lindqvist", "nobody vouches", "Could you send")),
        step("You know her. Accept it, and let her take part from now on; that gives a right, so it asks.", keys("A"), sees=f"Let {HOME} take part in 2?"),
        step("Yes. Her words are the customer's message on 2.", keys("y"), sees="nothing waits", facts=(journal(2, "customer", "from home"), _takes_part, _waits(0))),
        step(
            "Two more come in, from a sender nobody knows.",
            _mail(SPAM, "5,000 leads for your business", "Dear Sir or Madam,\nbuy now."),
            _mail(SPAM, "Last chance: 5,000 leads", "Dear Sir or Madam,\nyou did not answer."),
            passes(seconds=6), passes(seconds=6),
            sees=("Inbox: 2 wait", "From somebody nobody knows"),
            facts=(holds(4, status="new"), holds(5, status="new")),
        ),
        step("Block the sender: all that waits of theirs goes with it.", *press("first", "down"), keys("B"), sees="Everybody at @bulk.example"),
        step("Their tickets are closed, and no mail of theirs comes in any more.", keys("y"), said=f"blocked: {SPAM}, and 1 more", facts=(holds(4, status="closed"), holds(5, status="closed"), _blocked)),
        step("Everything here can be taken back …", *press("undo"), sees="Inbox: 2 wait", facts=(holds(4, status="new"), _waits(2))),
        step("… and done again.", *press("redo"), sees="nothing waits", facts=(holds(4, status="closed"), _blocked)),
        step(
            "A dump was uploaded under a name that fits no ticket.",
            Others("uploads", _file), passes(seconds=6), passes(seconds=6),
            sees=("SVCDUMP.T0212.bin", "northwind"),
        ),
        step("It belongs to the tape of Northwind: attach it by the number.", *press("first", "down"), keys("t"), Typed("3"), keys("enter"), said="to ticket 3", facts=(journal(3, "file"), _waits(0))),
        step(
            "Back at the queue a Severity 1 comes in by mail. The policy wants a call, and the top line says so.",
            keys("escape"),
            _mail("ortiz@acme.example", "NETEX is down", "Severity: 1\nProduct: NETEX\n\nThe region abends after the IPL.", name="J. Ortiz", vouched=True),
            passes(seconds=6), passes(seconds=6),
            sees="CALL 1",
        ),
        step("Whom to call stands in the inbox, on top.", *press("inbox"), sees=("Severity 1 without a", "J. Ortiz +1 612 555 0142")),
        step("You have called: one key puts it on record.", keys("a"), said="the call for ticket 6 was made", facts=(journal(6, "call", "Called the customer"), _waits(0))),
        step("Back to the queue. Nothing waits.", keys("escape"), misses="inbox", rows="NETEX is down"),
    ),
)  # fmt: skip

ALL = (odd_mail,)
