"""On the telephone: the status that is read out, calls that go on record, and who calls, by the digits typed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import pytest_asyncio
from textual.widgets import TextArea

from supporttui.console.dialogs.call import CallForm
from supporttui.console.dialogs.form import FormDialog
from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.demo.scenarios.telephone import sev1_by_phone
from supporttui.desk import change, write
from supporttui.desk.book import add
from supporttui.desk.reference import reference_of
from tests.console.driver import START, Console, at_console, sev1, ticket

SMALL = (80, 24)


@pytest_asyncio.fixture
async def desk(tmp_path: Path):
    tickets = (
        ticket("HyperIP tunnel drops", owner="raj", contact="J. Ortiz", contact_phone="+1 612 555 0142"),
        sev1("NETEX crashes z/OS when starting", contact="J. Ortiz", contact_phone="+1 612 555 0142"),
    )
    async with at_console(tmp_path, tickets, size=SMALL) as console:
        yield console


def form(desk: Console) -> FormDialog:
    screen = desk.app.screen
    assert isinstance(screen, FormDialog)
    return screen


def calls(desk: Console, number: int) -> list:
    return [one for one in desk.journal(number) if one.kind == "call"]


async def at(desk: Console, name: str) -> CompletingInput:
    found = form(desk).query_one(f"#{name}", CompletingInput)
    found.focus()
    await desk.settled()
    return found


async def button(desk: Console, name: str) -> None:
    """Choose one of the buttons."""
    await desk.press("ctrl+d")
    for _ in range(4):
        current = form(desk).query_one("#menu").current
        if current.label == name:
            break
        await desk.press("right")
    await desk.press("enter")


# -- what the customer may know -------------------------------------------------------------------


async def test_the_answer_is_read_out_and_has_nothing_internal(desk: Console):
    raj = desk.colleague()
    write.note(raj, 2, "INTERNAL words")
    write.reply(raj, 2, "We work on it.")
    await desk.beat()
    desk.queue.cursor_on(2)
    await desk.press("Y")
    desk.sees(
        "Status of 2 for J. Ortiz, Acme Corp",
        f"Problem 2, reference {reference_of(raj, 2)}",
        "Status: we are working on it.",
        "Severity: 1 (System down).",
        "We work on it.",
    )
    desk.sees_not("INTERNAL", "NETEX crashes", "raj")
    await desk.press("q")
    desk.queue.cursor_on(2)


async def test_it_changes_while_it_is_read(desk: Console):
    await desk.press("Y")
    desk.sees("Status: we have received it")
    change.set_status(desk.colleague(), 2, "waiting-customer")
    await desk.passes(seconds=3)  # one beat reads the ticket, the next one the answer
    await desk.beat()
    desk.sees("Status: we are waiting for your answer.", "please answer our last message")


async def test_y_copies_the_text_that_mail_and_web_have(desk: Console, monkeypatch: pytest.MonkeyPatch):
    from supporttui.desk.status_answer import answer

    monkeypatch.delenv("TMUX", raising=False)
    sent: list[str] = []
    monkeypatch.setattr(desk.app, "to_terminal", sent.append)
    await desk.press("Y", "y")
    desk.said("the answer: sent to the terminal")
    (sequence,) = sent
    text = base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x1b\\")).decode()
    assert text == answer(desk.colleague("test"), 2).text()


async def test_its_times_are_the_customers(desk: Console):
    add(desk.colleague(), "customer", {"name": "Acme Corp", "zone": "Asia/Tokyo"})
    await desk.press("Y")
    desk.sees("As of Sat 21 Nov 2026 05:46 JST.")


async def test_from_the_answer_to_the_call(desk: Console):
    await desk.press("Y", "l")
    assert isinstance(desk.app.screen, CallForm) and form(desk).ticket == 2
    desk.sees("A call about 2: NETEX crashes z/OS when starting")


# -- a call about a ticket ------------------------------------------------------------------------


async def test_a_call_that_came_in_is_written_with_who_and_when(desk: Console):
    change.set_status(desk.colleague(), 2, "waiting-customer")
    await desk.beat()
    await desk.press("l")
    assert form(desk).values() == {"person": "J. Ortiz", "phone": "+1 612 555 0142", "at": "2026-11-20 14:46"}
    await desk.type("It works again.")
    await desk.passes(minutes=6)
    await button(desk, "They called")
    desk.said("2: call written")
    (entry,) = calls(desk, 2)
    assert (entry.text, entry.public, entry.at, entry.data["way"]) == ("It works again.", False, START, "in")
    assert desk.ticket(2).status == "open"
    await desk.press("enter")
    desk.sees("called by J. Ortiz, +1 612 555 0142 (internal)", "It works again.")
    await desk.press("u")
    assert desk.ticket(2).status == "waiting-customer"


async def test_nobody_answered_needs_no_words(desk: Console):
    await desk.press("l")
    await button(desk, "No answer")
    (entry,) = calls(desk, 2)
    assert (entry.data["way"], entry.data["reached"]) == ("out", False)
    await desk.press("l")
    await button(desk, "I called")
    desk.sees("needs text")
    await desk.press("escape")
    assert len(calls(desk, 2)) == 1


async def test_a_time_that_is_none_leaves_everything_as_it_was_written(desk: Console):
    await desk.press("l")
    await desk.type("long words")
    (await at(desk, "at")).value = "yesterdayish"
    await button(desk, "They called")
    desk.sees("'yesterdayish' is not a time", "long words")
    assert not calls(desk, 2)


async def test_what_was_written_is_kept_and_gone_on_with(desk: Console):
    await desk.press("l")
    await desk.type("half a sent")
    await desk.press("escape")
    desk.said("2: the call is kept as a draft")
    await desk.press("D")
    desk.sees("2 call")
    await desk.press("enter")
    assert form(desk).query_one("#text", TextArea).text == "half a sent"
    await button(desk, "They called")
    assert calls(desk, 2)[0].text == "half a sent"
    await desk.press("D")
    desk.said("nothing of yours is unsent")


async def test_left_as_it_was_opened_nothing_is_kept(desk: Console):
    await desk.press("l", "escape", "D")
    desk.said("nothing of yours is unsent")


async def test_a_call_goes_on_record_whatever_others_did_meanwhile(desk: Console):
    await desk.press("l")
    change.set_severity(desk.colleague(), 2, 2)
    await desk.type("words")
    await button(desk, "They called")
    assert len(calls(desk, 2)) == 1


async def test_whose_number_it_is_follows_from_it_and_theirs_from_the_name(desk: Console):
    raj = desk.colleague()
    add(raj, "customer", {"name": "Acme Corp"})
    add(raj, "contact", {"customer": "Acme Corp", "name": "Ann Lee", "phone": "+1 (612) 555-0177"})
    await desk.press("l")
    phone, person = await at(desk, "phone"), form(desk).query_one("#person", CompletingInput)
    person.value = ""
    phone.value = ""
    await desk.type("0177")
    desk.sees("Ann Lee")
    await desk.press("down", "enter")
    assert (phone.value, person.value) == ("+1 (612) 555-0177", "Ann Lee")


async def test_what_was_said_by_telephone_stands_beside_an_answer(desk: Console):
    from supporttui.desk.calls import call

    call(desk.colleague(), 2, "They restarted it.", way="in", person="Kim")
    await desk.beat()
    await desk.press("r", "ctrl+o")
    desk.sees("called by Kim (internal)", "They restarted it.")


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_other_sizes(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, (sev1("NETEX crashes", contact="J. Ortiz"),), size=size) as desk:
        await desk.press("Y")
        desk.sees("Status of 1 for J. Ortiz, Acme Corp", "we have received it")
        await desk.press("q", "l")
        desk.sees("They called", "No answer", "What was said")
        await desk.type("words")
        await button(desk, "They called")
        assert calls(desk, 1)


# -- the report form as the log of a call ---------------------------------------------------------


@pytest_asyncio.fixture
async def night(tmp_path: Path):
    """The desk of the telephone scenario: Acme is in the book with people and telephones."""
    async with at_console(tmp_path, scenario=sev1_by_phone, size=SMALL) as console:
        yield console


async def test_a_caller_is_found_by_the_digits_of_their_telephone_as_typed(night: Console):
    await night.press("n")
    phone = await at(night, "contact_phone")
    await night.type("555 0190")
    night.sees("Acme Corp")
    await night.press("down", "enter")
    assert phone.value.endswith("0190")
    await night.settled()
    values = form(night).values()
    assert values["customer"] == "Acme Corp" and values["contact"] == "Kim Lund"


async def test_letters_and_two_digits_list_no_telephones(night: Console):
    await night.press("n")
    await at(night, "contact_phone")
    await night.type("55")
    night.sees_not("Acme Corp")


async def test_the_time_of_the_call_is_when_the_telephone_was_picked_up(night: Console):
    began = night.clock.now()
    await night.press("n")
    await night.passes(minutes=4)
    (await at(night, "customer"))
    await night.type("(612) 555-0190")
    await night.press("enter")
    await night.settled()
    assert form(night).value("channel") == "phone"
    await at(night, "subject")
    await night.type("all down")
    await at(night, "severity")
    await night.type("1")
    await button(night, "Report")
    new = max(night.numbers())
    assert night.ticket(new).reported_at == began.replace(second=0)


async def test_a_number_to_call_back_is_on_record_and_offered_by_the_next_call(night: Console):
    await night.press("n")
    await at(night, "customer")
    await night.type("(612) 555-0190")
    await night.press("enter")
    await at(night, "subject")
    await night.type("all down")
    await at(night, "callback")
    await night.type("+1 612 555 0999")
    await button(night, "Report")
    new = max(night.numbers())
    assert night.journal(new)[0].data["callback"] == "+1 612 555 0999"
    await night.queue.goes_to(new)
    await night.press("l")
    assert form(night).value("phone") == "+1 612 555 0999"
