"""Forms: completion, what is known already, the checklist, the ticket's facts corrected."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import pytest_asyncio
from textual.widgets import Input

from supporttui.console.dialogs.form import FormDialog
from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.console.widgets.drop_list import DropList
from supporttui.console.widgets.menu import Menu
from supporttui.desk import change
from supporttui.store import customers
from tests.console.driver import Console, at_console, sev1, ticket


@pytest.fixture
def size() -> tuple[int, int]:
    return (80, 24)


KNOWN = (
    ticket("a", customer="Acme Corp", contact="J. Ortiz", contact_email="jo@acme.example", product="HyperIP",
           release="7.1", site="0417", contact_phone="+1 612 555 0142"),
    ticket("b", customer="Acmetal", product="HyperIP", release="7.2"),
    sev1("NETEX crashes", customer="Acme Corp", contact="J. Ortiz", product="NETEX", tags=("urgent",)),
)  # fmt: skip


@pytest_asyncio.fixture
async def desk(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, KNOWN, size=size) as console:
        yield console


def form(desk: Console) -> FormDialog:
    screen = desk.app.screen
    assert isinstance(screen, FormDialog)
    return screen


def words_on(desk: Console) -> str:
    """What is in the frames on the screen, as running text."""
    inside = [
        line.split("│", 1)[1].rsplit("│", 1)[0] for line in desk.screen.split("\n") if line.count("│") > 1
    ]
    return " ".join(" ".join(inside).replace("│", " ").split())


async def at(desk: Console, name: str) -> CompletingInput:
    """Go to a field by Tab."""
    for _ in range(30):
        if desk.app.screen.focused is not None and desk.app.screen.focused.id == name:
            break
        await desk.press("tab")
    found = desk.app.screen.query_one(f"#{name}", CompletingInput)
    assert found.has_focus
    return found


async def known(desk: Console, field: CompletingInput) -> None:
    """Wait until what is known has been asked for."""
    limit = time.monotonic() + 10
    while field.asking and time.monotonic() < limit:
        await desk.pilot.pause(0.02)
    await desk.settled()


async def test_tab_takes_what_is_suggested_and_tab_again_goes_on(desk: Console):
    await desk.press("n")
    field = await at(desk, "customer")
    await desk.type("acme c")
    await known(desk, field)
    desk.sees("acme corp"[:6] + "orp")
    await desk.press("tab")
    assert field.value == "Acme Corp" and field.has_focus
    await desk.press("tab")
    assert not field.has_focus


async def test_what_was_typed_stands_when_nothing_is_known(desk: Console):
    await desk.press("n")
    field = await at(desk, "customer")
    await desk.type("Hooli")
    await known(desk, field)
    await desk.press("tab")
    assert field.value == "Hooli" and not field.has_focus


async def test_down_lists_what_is_known_and_enter_takes_it(desk: Console):
    await desk.press("n")
    field = await at(desk, "customer")
    await desk.type("ac")
    await known(desk, field)
    await desk.press("down")
    await known(desk, field)
    desk.sees("Acme Corp", "Acmetal")
    await desk.press("down", "enter")
    assert field.value == "Acmetal" and field.has_focus
    assert not desk.app.screen.query_one(DropList).has_class("shown")
    assert len(desk.app.screen_stack) == 2


async def test_esc_closes_the_list_and_not_the_form(desk: Console):
    await desk.press("n")
    field = await at(desk, "customer")
    await desk.press("down")
    await known(desk, field)
    desk.sees("Acmetal")
    await desk.press("escape")
    desk.sees("Report a problem")
    desk.sees_not("Acmetal")


async def test_a_severity_is_listed_with_its_whole_definition(desk: Console):
    await desk.press("n")
    field = await at(desk, "severity")
    await desk.press("down")
    await known(desk, field)
    desk.sees("1 System down", "4 Minor")
    definition = desk.app.facts.definitions[1]
    assert definition in words_on(desk)
    await desk.press("down", "enter")
    assert field.value.startswith("2 ")


async def test_a_known_customer_and_contact_fill_what_is_empty_and_nothing_else(desk: Console):
    store = desk.colleague().store
    with store.write():
        customers.ensure(store, "Acme Corp", plan="gold", zone="Europe/London")
        customers.add_contact(store, "Acme Corp", "J. Ortiz", email="new@acme.example")
    await desk.press("n")
    await at(desk, "customer")
    await desk.type("acme corp")
    await desk.press("tab")
    await known(desk, await at(desk, "contact"))
    assert form(desk).values() == {"customer": "acme corp", "plan": "gold", "site": "0417"}
    desk.sees("Acme Corp: plan gold, Europe/London, 20:46 there, 2 open tickets")
    await desk.type("J. Ortiz")
    phone = await at(desk, "contact_phone")
    await known(desk, phone)
    assert form(desk).value("contact_email") == "new@acme.example"
    assert form(desk).value("contact_phone") in ("", "+1 612 555 0142")


async def test_what_was_typed_is_never_overwritten(desk: Console):
    await desk.press("n")
    await at(desk, "site")
    await desk.type("mine")
    await desk.press(*["shift+tab"] * 4)
    assert desk.app.screen.focused.id == "customer"
    await desk.type("acme corp")
    await desk.press("tab")
    await desk.settled()
    assert form(desk).value("site") == "mine"


async def test_the_checklist_counts_while_one_writes_and_stops_nobody(desk: Console):
    await desk.press("n")
    assert "0 of 10 asked for; it may be sent with what there is; missing: Severity, C" in words_on(desk)
    await desk.type("all down")
    await at(desk, "severity")
    await desk.type("1")
    desk.sees("1 of 10 asked for", "✓ Severity", "· Customer")
    assert "a Severity 1 may be sent with what there is" in words_on(desk)
    await desk.press("ctrl+d", "enter")
    assert desk.ticket(4).severity == 1


async def test_the_time_of_the_call_is_when_the_clock_began(desk: Console):
    await desk.press("n")
    await desk.type("late")
    await at(desk, "reported_at")
    await desk.type("nonsense")
    await desk.press("ctrl+d", "enter")
    desk.sees("'nonsense' is not a time; write for example")
    await desk.press("shift+tab")
    field = await at(desk, "reported_at")
    field.value = "14:05"
    await desk.press("ctrl+d", "enter")
    assert desk.ticket(4).reported_at.strftime("%H:%M") == "20:05"


@pytest.mark.parametrize("small", [(60, 20), (80, 24)])
async def test_every_field_can_be_seen_on_a_small_screen(tmp_path: Path, small: tuple[int, int]):
    async with at_console(tmp_path, KNOWN, size=small) as desk:
        await desk.press("n")
        for one in form(desk).asked:
            focused = desk.app.screen.focused
            assert focused is not None and focused.id in (one.name, "text")
            box = desk.app.screen.query_one("#fields").region
            for _ in range(50):  # what scrolls does so after the frame that moved the focus
                if focused.region.y < box.bottom:
                    break
                await desk.pilot.pause()
            assert box.contains_region(focused.region.intersection(box)) and focused.region.y >= box.y
            assert focused.region.y < box.bottom
            await desk.press("tab")
        desk.sees("Report", "Leave, keep draft")


async def test_a_resize_keeps_the_text_and_shows_the_field(desk: Console):
    await desk.press("n")
    await desk.type("all down")
    await at(desk, "product")
    await desk.type("NET")
    await desk.pilot.resize_terminal(60, 20)
    await desk.settled()
    desk.sees("NET")
    await desk.pilot.resize_terminal(120, 40)
    await desk.settled()
    desk.sees("all down", "NET")


# -- e ------------------------------------------------------------------------------------------


async def test_fields_are_corrected_read_once_more_and_written_together(desk: Console):
    await desk.press("e")
    desk.sees("Edit 3: NETEX crashes", "J. Ortiz", "urgent")
    field = await at(desk, "product")
    field.value = "NETEX/IP"
    await at(desk, "tags")
    await desk.press("ctrl+u")
    await desk.type("dump")
    await desk.press("ctrl+d", "enter")
    desk.sees("2 fields differ", "NETEX → NETEX/IP", "urgent → dump")
    assert desk.ticket(3).product == "NETEX"
    await desk.press("right", "enter")
    found = desk.ticket(3)
    assert (found.product, found.tags) == ("NETEX/IP", ("dump",))
    desk.said("3: product, tags written")
    await desk.press("u")
    found = desk.ticket(3)
    assert (found.product, found.tags) == ("NETEX", ("urgent",))


async def test_nothing_changed_is_said_and_nothing_written(desk: Console):
    await desk.press("e", "ctrl+d", "enter")
    desk.said("3: nothing was changed")
    assert desk.ticket(3).version == 1


async def test_an_edit_that_is_left_is_a_draft_of_what_differs(desk: Console):
    await desk.press("e")
    await at(desk, "site")
    await desk.press("ctrl+u")
    await desk.type("0999")
    await desk.press("escape")
    desk.said("kept as a draft")
    assert dict(desk.app.drafts[3, "edit"].data) == {"site": "0999"}
    change.set_fields(desk.colleague(), 3, {"product": "BFX"})
    await desk.beat()
    await desk.press("e")
    assert form(desk).value("site") == "0999" and form(desk).value("product") == "BFX"


async def test_a_field_that_the_policy_refuses_is_said_in_the_review(desk: Console):
    await desk.press("e")
    (await at(desk, "subject")).value = ""
    await desk.press("ctrl+d", "enter", "right", "enter")
    desk.sees("a ticket needs a subject")
    assert desk.ticket(3).subject == "NETEX crashes"


async def test_who_is_overtaken_chooses_field_by_field(desk: Console):
    await desk.press("e")
    (await at(desk, "product")).value = "BFX"
    change.set_fields(desk.colleague(), 3, {"product": "PFX"})
    await desk.press("ctrl+d", "enter", "right", "enter")
    desk.sees("PFX", "BFX", "NETEX")
    assert desk.ticket(3).product == "PFX"


async def test_fields_are_edited_as_a_small_file(
    desk: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import sys

    script = tmp_path / "ed.py"
    script.write_text(
        "import sys; p = sys.argv[1]; t = open(p).read()\n"
        "open(p, 'w').write(t.replace('NETEX', 'BFX') if 'x' not in sys.argv else 'prodct: a')\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)
    await desk.press("e", "ctrl+e")
    for _ in range(200):
        if "fields differ" in desk.screen:
            break
        await desk.pilot.pause(0.02)
    desk.sees("NETEX crashes → BFX crashes", "2 fields differ")
    await desk.press("right", "enter")
    assert (desk.ticket(3).subject, desk.ticket(3).product) == ("BFX crashes", "BFX")


async def test_a_line_of_tags_and_one_of_people_are_completed(desk: Console):
    await desk.press("t")
    await desk.type("new ur")
    field = desk.app.screen.query_one(Input)
    assert isinstance(field, CompletingInput)
    await known(desk, field)
    await desk.press("tab")
    assert field.value == "new urgent"
    await desk.press("enter")
    assert set(desk.ticket(3).tags) == {"urgent", "new"}
    change.set_owner(desk.colleague(), 2, "raj")
    await desk.press("O")
    await desk.type("r")
    field = desk.app.screen.query_one(CompletingInput)
    await known(desk, field)
    await desk.press("tab", "enter")
    assert desk.ticket(3).owner == "raj"


async def test_a_letter_is_added_to_a_field_and_replaces_nothing(desk: Console):
    await desk.press("e")
    field = await at(desk, "contact")
    await desk.type("!")
    assert field.value == "J. Ortiz!"


async def test_the_button_with_the_focus_is_marked_at_the_first_showing(desk: Console):
    await desk.press("e")
    await at(desk, "contact")
    await desk.type("!")
    await desk.press("ctrl+d", "enter")
    shown = desk.app.screen.query_one(Menu).lines_shown[0]
    assert [span.text for span in shown if span.role == "cursor"] == ["[ Edit ]"]
