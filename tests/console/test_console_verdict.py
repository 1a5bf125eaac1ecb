"""What a customer is owed, on the screen: in the ticket, behind one key, and in the report form as one writes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_asyncio

from supporttui.console.dialogs.report import ReportForm
from supporttui.console.present.spans import plain
from supporttui.console.screens.reasoning import ReasoningPage
from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.demo.scenarios.script import Keys, Typed, Verb
from supporttui.demo.scenarios.telephone import REPORTED_IN, sev1_by_phone
from supporttui.desk import book
from supporttui.desk import report as reporting
from supporttui.desk.session import Desk
from tests.console.driver import Console, at_console, ticket

ALLOWED = 12  # presses, of which a report by telephone must take fewer


@pytest_asyncio.fixture
async def desk(tmp_path: Path):
    """The desk of the telephone scenario, at night, 80x24."""
    async with at_console(tmp_path, scenario=sev1_by_phone, size=(80, 24)) as console:
        yield console


def form(desk: Console) -> ReportForm:
    screen = desk.app.screen
    assert isinstance(screen, ReportForm)
    return screen


async def at(desk: Console, name: str) -> CompletingInput:
    found = form(desk).query_one(f"#{name}", CompletingInput)
    found.focus()
    await desk.settled()
    return found


async def until(desk: Console, true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        await desk.pilot.pause(0.005)
    raise AssertionError(desk.screen)


def enter(desk: Console, subject: str = "NETEX is slow", **more: object) -> int:
    """A ticket of Acme's second data centre, where an older release runs."""
    values = {"severity": 2, "customer": "Acme Corp", "site": "0418", "product": "NETEX", "release": "8.0"}
    new = reporting.NewTicket(subject=subject, os="z/OS", os_release="3.1", **{**values, **more})  # type: ignore[arg-type]
    return reporting.report(desk.colleague(), new).number


async def show(desk: Console, number: int) -> None:
    await desk.beat()
    await desk.queue.goes_to(number)
    await desk.press("enter")


# -- by telephone ---------------------------------------------------------------------------------


def test_a_severity_1_by_phone_takes_fewer_than_twelve_presses(capsys: pytest.CaptureFixture[str]):
    """The scenario itself is played, each step checked, in test_console_scenarios.py; here its keys are counted."""
    acts = [act for step in sev1_by_phone.steps[:REPORTED_IN] for act in step.acts]
    pressed = sum(len(act.names) if isinstance(act, Keys) else isinstance(act, Verb) for act in acts)
    typed = sum(len(act.text) for act in acts if isinstance(act, Typed))
    with capsys.disabled():
        print(f"\n  a Severity 1 by phone: {pressed} presses besides {typed} letters of text")
    assert 0 < pressed < ALLOWED
    assert any("3 reported" in words for words in sev1_by_phone.steps[REPORTED_IN - 1].said)


async def test_a_number_typed_in_haste_stands_for_the_customer(desk: Console):
    """Enter before anything was listed: the number is looked up all the same."""
    await desk.press("n")
    await at(desk, "customer")
    desk.app.screen.query_one("#customer", CompletingInput).source = None  # nothing is ever listed
    await desk.type("(612) 555-0190")
    await desk.press("enter")
    assert form(desk).value("customer") == "Acme Corp"
    assert form(desk).value("contact") == "Kim Lund" and form(desk).value("release") == "8.0"
    desk.sees("Acme Corp: no plan known, America/New_York, 03:12 there")


async def test_a_caller_is_found_by_site_while_one_types(desk: Console):
    await desk.press("n")
    field = await at(desk, "customer")
    await desk.type("e south")
    await until(desk, lambda: "Acme Corp" in desk.screen)
    await desk.press("enter")
    assert field.value == "Acme Corp" and form(desk).value("site") == "0418"


async def test_a_caller_who_is_not_known_is_nobody_else(desk: Console):
    await desk.press("n")
    await at(desk, "customer")
    await desk.type("Hooli and Sons")
    await desk.press("enter")
    assert form(desk).value("customer") == "Hooli and Sons"
    assert not form(desk).value("product")


async def test_two_things_that_can_be_meant_are_offered_and_not_guessed(desk: Console):
    await desk.press("n")
    await at(desk, "customer")
    await desk.type("Acme Corp")
    await desk.press("enter")
    found = form(desk)
    assert found.value("product") == "NETEX" and found.value("os_release") == "3.1"
    assert not found.value("site") and not found.value("release") and not found.value("contact")
    field = await at(desk, "release")
    await desk.press("down")
    await until(desk, lambda: "8.1" in desk.screen and "8.0" in desk.screen)
    await desk.press("escape")
    await at(desk, "site")
    await desk.type("0418")
    await desk.press("tab")
    assert field.value == "8.0"


async def test_another_customer_takes_back_what_the_first_one_brought(desk: Console):
    await desk.press("n")
    field = await at(desk, "customer")
    await desk.type("612 555 0142")
    await desk.press("enter", "enter")
    assert form(desk).value("release") == "8.1"
    (await at(desk, "os")).value = "z/VM"
    await at(desk, "customer")
    field.value = "Hooli"
    await desk.press("tab")
    left = form(desk).values()
    assert left.get("os") == "z/VM"
    assert not {"release", "product", "site"} & set(left)


# -- what is asked for ----------------------------------------------------------------------------


async def test_a_word_that_is_no_severity_is_not_ticked_and_enter_says_why(desk: Console):
    await desk.press("n")
    await at(desk, "severity")
    await desk.type("urgent")
    desk.sees("· Severity", "0 of 10 asked for")
    desk.sees_not("✓ Severity")
    await desk.press("enter")
    desk.sees("there is no severity 'urgent'")
    assert desk.app.screen.focused.id == "severity"
    await desk.press("ctrl+u")
    for good in ("2", "2 System highly impacted", "minor"):
        form(desk).query_one("#severity", CompletingInput).value = good
        await desk.settled()
        desk.sees("✓ Severity", "1 of 10 asked for")


async def test_a_severity_with_other_words_behind_it_is_none(desk: Console):
    """A telephone number that was typed into the wrong field must not be swallowed."""
    await desk.press("n")
    await at(desk, "severity")
    await desk.type("2 +1 763")
    await desk.press("enter")
    desk.sees("there is no severity '2 +1 763'")
    assert desk.app.screen.focused.id == "severity"


async def test_enter_goes_only_to_what_the_policy_asks_for_and_is_missing(desk: Console):
    await desk.press("n")
    for name in ("severity", "customer", "contact_phone", "contact_email", "product", "os", "os_release"):
        form(desk).query_one(f"#{name}", CompletingInput).value = "1"
    seen = []
    for _ in range(4):
        seen.append(str(desk.app.screen.focused.id))
        await desk.type("x")
        await desk.press("enter")
    assert [*seen, desk.app.screen.focused.id] == ["subject", "contact", "release", "text", "text"]


async def test_nothing_that_is_missing_stops_a_severity_1_and_the_journal_keeps_the_list(desk: Console):
    await desk.press("n")
    await desk.type("all down")
    await at(desk, "severity")
    await desk.type("1")
    await desk.press("ctrl+d", "enter")
    desk.said("3 reported, severity 1; still missing: Customer, Contact, Telephone")
    entry = desk.journal(3)[-1]
    assert entry.data["missing"][:2] == ["customer", "contact"] and "severity" not in entry.data["missing"]


# -- the verdict in the form ----------------------------------------------------------------------


async def test_the_verdict_follows_what_is_written(desk: Console):
    await desk.press("n")
    await at(desk, "customer")
    await desk.type("612 555 0142")
    await desk.press("enter")
    desk.sees("✓ covered")
    (await at(desk, "release")).value = "7.1"
    await desk.settled()
    desk.sees("~ at discretion", "7.1")


async def test_a_closed_desk_says_whom_to_call_for_this_severity(desk: Console):
    await desk.press("n")
    desk.sees_not("closed for")
    await at(desk, "severity")
    await desk.type("3")
    desk.sees("closed for severity 3", "+1.651.229.5665")
    await desk.press("ctrl+u")
    await desk.type("1")
    desk.sees_not("closed for")


async def test_no_key_waits_for_the_verdict(desk: Console):
    """While the database thread is busy, what is typed shows at once; the verdict comes later."""
    await desk.press("n")
    await at(desk, "product")
    gate = threading.Event()
    busy = desk.pilot.app.run_worker(desk.app.link.run(lambda _desk: gate.wait(10)))
    field = form(desk).query_one("#product", CompletingInput)
    for char in "NETEX":
        desk._strike(char)
        await desk._taken()
    assert field.value == "NETEX" and not gate.is_set()
    desk.sees_not("unclear")
    gate.set()
    await busy.wait()
    await desk.settled()
    desk.sees("? unclear")


# -- in the ticket --------------------------------------------------------------------------------


async def test_the_ticket_says_what_is_owed_and_that_the_desk_is_closed(desk: Console):
    await show(desk, enter(desk))
    desk.sees("✓ covered", "L-5001", "closed for severity 2 until Mon 08:00 CST", "+1.651.229.5665")


async def test_what_must_not_run_together_stands_above_the_verdict(desk: Console):
    other = desk.colleague()
    for name in ("CAM", "USER-Access"):
        book.add(other, "product", {"name": name})
        book.add(other, "installation", {"host": "ZOS2", "product": name, "tcp_ip": "yes"})
    await show(desk, enter(desk, product="CAM", release=""))
    shown = [line for line in desk.screen.split("\n") if line.strip()]
    loud = next(place for place, line in enumerate(shown) if line.lstrip().startswith("!!"))
    assert "MUST NOT run at the same time" in " ".join(" ".join(shown[loud : loud + 2]).split())
    assert "NETEX is slow" in "\n".join(shown[:loud])
    assert loud < next(place for place, line in enumerate(shown) if line.lstrip().startswith(("?", "✓")))


async def test_what_must_not_run_together_is_said_while_one_reports_it(desk: Console):
    other = desk.colleague()
    for name in ("CAM", "USER-Access"):
        book.add(other, "product", {"name": name})
        book.add(other, "installation", {"host": "ZOS1", "product": name, "tcp_ip": "yes"})
    await desk.press("n")
    for name, text in (("customer", "Acme Corp"), ("product", "CAM")):
        (await at(desk, name)).value = text
        await desk.press("tab")
    desk.sees("!! ZOS1: CAM and USER-Access", "? unclear: not on file: a licence")


async def test_at_midnight_where_the_days_count_the_verdict_is_another(desk: Console):
    other = desk.colleague()
    licence = book.find(other, "licence", "L-5001")
    book.change(other, "licence", licence.id, {"charge_paid_to": "2026-11-21"}, seen=licence.version)
    await show(desk, enter(desk))
    desk.sees("✓ covered")
    await desk.passes(hours=22)  # Sunday 00:12 at the vendor's
    await desk.passes(seconds=1)
    desk.sees_not("✓ covered")
    desk.sees("21 Nov")


async def test_a_desk_without_a_book_shows_no_verdict(tmp_path: Path):
    async with at_console(
        tmp_path, [ticket("slow", product="HyperIP", release="7.1")], size=(80, 24)
    ) as desk:
        await desk.press("enter")
        desk.sees("slow", "Acme Corp")
        desk.sees_not("unclear", "covered", "not on file")
        await desk.press("W")
        desk.sees("Who pays for 1", "? unclear", "supporttui customer add")


# -- behind one key -------------------------------------------------------------------------------


async def test_the_reasoning_tells_both_times_and_leads_to_the_customer_and_back(desk: Console):
    await show(desk, enter(desk))
    await desk.press("W")
    desk.sees("Who pays for 3 (Acme Corp)", "L-5001", "Sat 21 Nov 2026 03:12 EST, America/New_York")
    assert isinstance(desk.app.screen, ReasoningPage)
    await desk.press("C")
    desk.sees("Customer: Acme Corp")
    await desk.press("escape")
    desk.sees("Who pays for 3")
    await desk.press("escape")
    assert not isinstance(desk.app.screen, ReasoningPage)


async def test_the_reasoning_follows_the_book(desk: Console):
    await show(desk, enter(desk))
    await desk.verb("why")
    desk.sees("✓ covered")
    other = desk.colleague()
    licence = book.find(other, "licence", "L-5001")
    book.change(other, "licence", licence.id, {"ended_on": "2026-10-01"}, seen=licence.version)
    await desk.passes(seconds=1)
    await desk.passes(seconds=1)
    desk.sees("1 Oct 2026")
    desk.sees_not("✓ covered")


async def test_a_strangers_signs_are_not_put_into_a_field(desk: Console):
    other = desk.colleague()
    (person,) = [one for one in book.listed(other, "contact") if one.name == "J. Ortiz"]
    with other.store.write():
        other.store.execute("UPDATE contact SET email = ? WHERE id = ?", ("a\x1b[2Jb@c", person.id))
    await desk.press("n")
    await at(desk, "customer")
    await desk.type("0142")
    await desk.press("enter")
    assert form(desk).value("contact") == "J. Ortiz" and not form(desk).value("contact_email")


async def test_hostile_names_stay_text_on_every_screen(desk: Console):
    other: Desk = desk.colleague()
    evil = "Evil [b]Corp \u202egnp"
    with other.store.write():
        from supporttui.store import book as kept

        customer = kept.insert(other.store, "customer", {"name": "Evil \x1b[31m" + evil})
        product = kept.insert(other.store, "product", {"name": "P\x1b]0;x\x07Q"})
        kept.insert(
            other.store, "licence",
            {"customer": customer, "product": product, "number": "L\x1b[2J\x9b1", "monthly_charge": "5"},
        )  # fmt: skip
    number = enter(
        desk, customer="Evil \x1b[31m" + evil, product="P\x1b]0;x\x07Q", release="1\x1b[6n", site=""
    )
    await show(desk, number)
    await desk.press("W")
    await desk.press("end", "home", "escape", "n")
    await at(desk, "customer")
    await desk.type("Evil")
    shown = desk.screen + "".join(plain(line) for line in desk.app.triage.detail.view.lines_shown)
    assert not any(
        (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 or char == "\u202e" for char in shown
    )


async def test_the_reasoning_leads_to_the_customer_of_its_ticket_wherever_the_cursor_is(desk: Console):
    other, number = enter(desk, "another", customer="Initech"), enter(desk)
    await desk.beat()
    await desk.queue.goes_to(number)
    await desk.press("W")
    desk.app.triage.queue.list.go_to(other)
    desk.app.reader.want_detail()
    await desk.settled()
    assert desk.queue.cursor == other
    await desk.press("C")
    desk.sees("Customer: Acme Corp")
    await desk.press("q")
    desk.sees(f"Who pays for {number}")
