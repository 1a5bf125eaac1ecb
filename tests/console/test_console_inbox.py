"""The inbox on the screen: what came in is seen, read, and decided on by one key each."""

from __future__ import annotations

import pytest

from supporttui.demo.arrivals import file_comes, mail_comes
from supporttui.desk import deciding, inbox, look, senders
from supporttui.store import book
from tests.console.driver import Console, at_console, ticket

MALLORY, SPAM = "mallory@elsewhere.example", "sales@bulk.example"
TUNNEL = ticket("Tunnel drops", contact="Mara L.", contact_email="mara@globex.example", customer="Globex")
SEEN_AFTER = 6  # seconds: the console looks at the inbox every five


async def comes(desk: Console, *acts) -> None:
    """Something comes in by itself, and the console learns of it."""
    await desk.beat()
    door = desk.colleague("mail")
    for act in acts:
        act(door)
    await desk.passes(seconds=SEEN_AFTER)
    await desk.beat()


def held(desk) -> None:
    mail_comes(desk, MALLORY, "Tunnel drops", "Send me the dump.\nSecond line.", name="M. M.", about=1)


def unverified(desk) -> None:
    mail_comes(desk, "mara@globex.example", "Re: [1] Tunnel drops", "It is down again.")


def spam(desk, subject: str = "5000 leads") -> None:
    mail_comes(desk, SPAM, subject, "Buy now.")


def dump(desk) -> None:
    file_comes(desk, "dump.bin", b"SVC DUMP\n", place="globex")


async def test_who_sits_there_sees_that_something_waits(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        desk.sees_not("inbox")
        await comes(desk, held)
        desk.sees("inbox 1", "1 more in the inbox")
        await desk.press("I")
        desk.sees("Inbox: 1 waits", MALLORY, "in the name of 1 Tunnel drops", "Send me the dump.")


async def test_a_severity_1_by_mail_asks_for_a_call_at_the_top(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(
            desk, spam, lambda door: mail_comes(door, "ops@x.example", "Down", "Severity: 1\n\nAll down.")
        )
        desk.sees("CALL 1", "somebody must call")
        await desk.press("I")
        desk.sees("wait for a decision, 1 for a call")
        lines = desk.screen.splitlines()
        assert next(at for at, row in enumerate(lines) if "Severity 1" in row) < next(
            at for at, row in enumerate(lines) if "nobody knows" in row
        )
        await desk.press("a")
        desk.sees("the call for ticket", "Inbox: 2 wait")
        await desk.press("q")
        desk.sees_not("CALL")


async def test_an_item_is_read_before_it_is_accepted(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        await comes(desk, held)
        await desk.press("I", "enter")
        desk.sees(
            "Second line.", "M. M.", "it bears the ticket's reference", "become the customer's message on 1"
        )
        await desk.press("a")
        desk.sees("accepted: the mail of", "nothing waits")
        assert [one.text for one in journal(desk, "customer")] == ["Send me the dump.\nSecond line."]
        await desk.press("u")
        desk.sees("Inbox: 1 waits", "undone: the decision on")
        assert not journal(desk, "customer")
        await desk.press("U")
        desk.sees("nothing waits")


def journal(desk: Console, kind: str) -> list:
    shown = look.ticket(desk.colleague("test"), 1)
    return [one for one in shown.journal if one.kind == kind and one.id not in shown.undone]


def participants(desk: Console) -> list[str]:
    return [one.email for one in book.select(desk.colleague("test").store, "participant")]


async def test_letting_somebody_take_part_is_asked_first(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, held)
        await desk.press("I", "A")
        desk.sees(f"Let {MALLORY} take part in 1?", "may read what is public of 1")
        await desk.press("escape")
        assert participants(desk) == []
        await desk.press("A", "y")
        desk.sees("takes part in it")
        assert participants(desk) == [MALLORY]


async def test_a_message_is_attached_to_the_ticket_that_it_claims_by_two_keys(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, unverified)
        await desk.press("I", "t", "enter")
        desk.sees("attached: the mail of mara@globex.example to ticket 1")
        assert look.ticket(desk.colleague(), 2).ticket.merged_into == 1


async def test_another_number_that_is_typed_takes_the_place_of_the_claimed_one(tmp_path):
    async with at_console(tmp_path, [TUNNEL, TUNNEL]) as desk:
        await comes(desk, unverified)
        await desk.press("I", "t", "2", "enter")
        desk.sees("attached: the mail of mara@globex.example to ticket 2")
        assert look.ticket(desk.colleague(), 3).ticket.merged_into == 2


async def test_a_file_goes_to_the_ticket_that_is_named(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, dump)
        await desk.press("I")
        desk.sees("dump.bin", "9 B", "globex")
        await desk.press("a")
        desk.sees("it names no ticket: attach it to one")
        await desk.press("t")
        await desk.type("99")
        await desk.press("enter")
        desk.sees("there is no ticket 99")
        await desk.press("backspace", "backspace", "1", "enter")
        desk.sees("attached: the file dump.bin to ticket 1")
        assert journal(desk, "file")


async def test_a_ticket_that_came_about_is_merged_or_rejected(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, unverified, spam)
        await desk.press("I", "M", "enter")
        desk.sees("merged: ticket 2 into 1")
        await desk.press("x")
        desk.sees("rejected: the mail of sales@bulk.example; ticket 3 is closed")
        assert look.ticket(desk.colleague(), 3).ticket.status == "closed"


async def test_a_sender_is_blocked_with_all_that_waits_of_theirs(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, spam, lambda door: spam(door, "more leads"))
        await desk.press("I", "B")
        desk.sees(SPAM, "Everybody at @bulk.example")
        await desk.press("n")
        desk.sees("Inbox: 2 wait")
        await desk.press("B", "y")
        desk.sees("and 1 more of theirs rejected", "nothing waits")
        assert senders.blocked_by(desk.colleague(), SPAM)
        await desk.press("u")
        desk.sees("Inbox: 2 wait")


async def test_mail_in_a_customers_name_blocks_nobody(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, unverified)
        await desk.press("I", "B", "y")
        desk.sees("shut them out")
        assert senders.blocked(desk.colleague()) == []


async def test_of_two_analysts_the_second_is_told_who_was_first(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, held)
        await desk.press("I", "A")
        raj = desk.colleague("raj")
        deciding.reject(raj, inbox.board(raj).rows[0].item.id)
        await desk.press("y")
        desk.sees("was rejected by raj meanwhile")
        desk.sees("nothing waits")
        assert participants(desk) == []


async def test_what_a_colleague_decides_leaves_the_page_and_the_cursor_goes_on(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, held, unverified, spam)
        await desk.press("I", "j", "j")
        raj = desk.colleague("raj")
        deciding.accept(raj, inbox.board(raj).rows[1].item.id)
        await desk.passes(seconds=SEEN_AFTER)
        await desk.beat()
        desk.sees("Inbox: 2 wait", "the mail of mara@globex.example accepted by raj")
        await desk.press("x")
        desk.sees("put the cursor on something that waits")
        await desk.press("j", "x")
        desk.sees("rejected: the mail of sales@bulk.example")
        desk.sees("Held")


async def test_on_to_the_ticket_and_what_was_decided_lately(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        await comes(desk, held)
        await desk.press("I", "x")
        desk.sees("Decided lately")
        await desk.press("enter", "j")
        desk.sees("rejected by ana")
        await desk.press("a")
        desk.sees("put the cursor on something that waits")
        await desk.press("enter")
        desk.sees("decided", "rejected by ana", "Send me the dump.")
        await desk.press("o")
        desk.sees("Tunnel drops")
        desk.queue.cursor_on(1)


async def test_an_empty_inbox_teaches(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(60, 20)) as desk:
        await desk.press("I")
        desk.sees("Nothing waits for a decision.", "senders nobody knows")
        await desk.press("a", "x", "t", "q")
        desk.sees_not("Nothing waits")


async def test_a_read_only_desk_reads_and_decides_nothing(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, held)
        desk.app.shift.sets(readonly=True)
        await desk.press("I", "a")
        desk.sees("the desk is read-only", "Inbox: 1 waits")
        await desk.press("enter", "a")
        desk.sees("Second line.")
        assert not journal(desk, "customer")


async def test_the_key_to_whom_to_call_is_seen_on_the_smallest_screen(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(60, 20)) as desk:
        await comes(desk, lambda door: mail_comes(door, "ops@x.example", "Down", "Severity: 1\n\nAll down."))
        assert "I shows whom" in desk.footer and "must call" in desk.footer


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48)])
async def test_rows_fit_every_width(tmp_path, size):
    async with at_console(tmp_path, [TUNNEL], size=size) as desk:
        await comes(desk, held, unverified, spam, dump)
        await desk.press("I")
        desk.sees("Inbox: 4 wait", MALLORY[:12])
        for _ in range(4):
            await desk.press("enter", "pagedown", "q", "j", "j")
        desk.sees("Inbox: 4 wait")


async def test_the_wall_and_the_handover_tell_of_it_too(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        await comes(desk, lambda door: mail_comes(door, "ops@x.example", "Down", "Severity: 1\n\nAll down."))
        await desk.press("H")
        desk.sees("inbox: 2 items wait for a decision; 1 to call")
        await desk.press("q", "w")
        desk.sees("CALL 1")


async def test_the_cursor_begins_on_what_is_about_the_ticket_under_it(tmp_path):
    async with at_console(tmp_path, [TUNNEL]) as desk:
        await comes(desk, held, spam)
        await desk.queue.goes_to(2)
        await desk.press("I", "x")
        desk.sees("rejected: the mail of sales@bulk.example")


async def test_a_call_without_a_number_says_so(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        await comes(
            desk,
            lambda door: mail_comes(door, "ops@x.example", "Down", "Severity: 1\n\nAll down.", name="O. P."),
        )
        await desk.press("I")
        desk.sees("call O. P.: no number is on file")


async def test_hundreds_wait_and_the_cursor_stays_on_its_item(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        await comes(desk, *(lambda door, at=at: spam(door, f"lead {at}") for at in range(120)))
        await desk.press("I", *"jjj")
        under = desk.app.screen.item.item.id
        await comes(desk, held, lambda door: spam(door, "the last lead"))
        desk.sees("Inbox: ")
        assert desk.app.screen.item.item.id == under
        await desk.press("x")
        items = {one.id: one.state for one in book.select(desk.colleague("test").store, "intake-item")}
        assert [id for id, state in items.items() if state == "rejected"] == [under]


async def test_a_decision_is_no_verb_to_be_repeated_on_a_ticket(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(80, 24)) as desk:
        await comes(desk, held, spam)
        await desk.press("x", "4", "I", "x", "q", "j", "j", ".")
        waits = [one.state for one in book.select(desk.colleague("test").store, "intake-item")]
        assert sorted(waits) == ["rejected", "waiting"]


async def test_y_copies_who_wrote_and_nothing_on_a_heading(tmp_path):
    async with at_console(tmp_path, [TUNNEL], size=(120, 40)) as desk:
        await comes(desk, held)
        await desk.press("I", "y")
        desk.said("sender or number: ")
        assert desk.app.screen.row.copies == MALLORY
        await desk.press("k", "y", "x")
        desk.sees("put the cursor on something that waits")
