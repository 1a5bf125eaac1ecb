"""Canned replies: what a file may say, what goes into its places, and what is said of a broken one."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk import templates
from supporttui.desk.templates import PLACEHOLDERS, Slot, fill, open_marks, parse
from supporttui.store.records import Ticket

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
HERE = Path("hello.md")


def good(text: str) -> templates.Template:
    template, faults = parse(text, HERE)
    assert template is not None and faults == []
    return template


def ticket(**more: object) -> Ticket:
    values = {
        "number": 1042, "subject": "it fails", "severity": 2, "status": "open",
        "reported_at": NOW, "created_at": NOW, "updated_at": NOW, **more,
    }  # fmt: skip
    return Ticket(**values)  # type: ignore[arg-type]


def facts(**more: object) -> dict[str, str]:
    return templates.facts_of(ticket(**more), me="ana", desk="NetEx", severity="2 Impacted", zone=UTC)


def test_a_file_without_a_header_is_all_text_and_named_after_the_file():
    template = good("Hello,\ntitle: is no header here\n")
    assert (template.title, template.kinds) == ("hello", ())
    assert fill(template, {}) == "Hello,\ntitle: is no header here\n"
    assert all(template.fits(kind) for kind in templates.KINDS)


def test_the_header_gives_title_and_kinds_and_ends_at_an_empty_line():
    template = good("Title: Ask again\nkind: reply, note\n\nHello {contact}")
    assert (template.title, template.kinds) == ("Ask again", ("reply", "note"))
    assert template.fits("note") and not template.fits("resolve")
    assert fill(template, {"contact": "J. Ortiz"}) == "Hello J. Ortiz"


def test_double_braces_are_braces_and_lone_ones_are_themselves():
    assert fill(good("{{number}} { x } {0} {} }} {number}"), {"number": "7"}) == "{number} { x } {0} {} } 7"


def test_what_a_ticket_says_is_text_and_never_looked_at_again():
    hostile = ticket(subject="{me} {{x}} «contact?»", contact="{number}")
    known = templates.facts_of(hostile, me="ana", desk="d", severity="2", zone=UTC)
    assert fill(good("{subject} by {contact}"), known) == "{me} {{x}} «contact?» by {number}"


def test_control_characters_of_a_ticket_don_t_get_into_a_reply():
    filled = fill(good("{subject}"), facts(subject="a\x1b]52;c;eA==\x07b\nc\u202ed"))
    assert filled.isprintable() and "\n" not in filled


def test_what_is_not_known_leaves_a_mark_that_is_found_again():
    text = fill(good("Hello {contact}, by {next_update}, {contact}: {number}"), facts())
    assert text == "Hello «contact?», by «next_update?», «contact?»: 1042"
    assert open_marks(text) == ("«contact?»", "«next_update?»")
    assert open_marks("«nobody?» «contact» contact?") == ()


def test_times_are_in_the_zone_of_the_desk():
    known = facts(acknowledged_until=NOW)
    assert "20:46" in known["next_update"]


def test_every_fault_has_file_line_column_and_the_nearest_word():
    template, faults = parse("title: x\nkind: repply\n\nHi {contakt},\n  {number} {frm}\n", HERE)
    assert template is None
    assert [(one.line, one.column) for one in faults] == [(2, 7), (4, 4), (5, 12)]
    assert str(faults[0]) == "hello.md:2:7: no kind 'repply'; did you mean 'reply'?"
    assert str(faults[1]) == "hello.md:4:4: no placeholder {contakt}; did you mean 'contact'?"


def test_a_file_without_text_is_no_template():
    assert "no text" in str(parse("title: x\n\n \n", HERE)[1][0])


def test_every_placeholder_is_filled_from_a_full_ticket():
    full = facts(
        owner="ana", customer="Acme", contact="J", site="1", product="P", release="1", os="z/OS", os_release="3",
        acknowledged_until=NOW,
    )  # fmt: skip
    text = fill(good(" ".join(f"{{{name}}}" for name in PLACEHOLDERS)), full)
    assert open_marks(text) == () and set(full) == set(PLACEHOLDERS)


def test_ones_own_outrank_the_desk_s_and_those_the_shipped(tmp_path: Path):
    own, shared = tmp_path / "own", tmp_path / "shared"
    for folder in (own, shared):
        folder.mkdir()
        (folder / "resolved.txt").write_text(f"title: by {folder.name}\n\nx")
    (shared / "hours.md").write_text("we are open")
    (shared / "notes.org").write_text("no template")
    found = templates.load([("own", own), ("shared", shared)])
    assert (found.named("resolved").title, found.named("resolved").origin) == ("by own", "own")
    assert found.named("hours").origin == "shared" and found.named("first-answer").origin == "shipped"
    assert found.named("notes") is None and found.faults == ()


def test_what_can_t_be_read_is_said_and_the_rest_is_used(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "latin.md").write_bytes(b"caf\xe9")
    (tmp_path / "large.md").write_bytes(b"x" * (templates.MOST_BYTES + 1))
    (tmp_path / "fine.md").write_text("fine")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    found = templates.load([("own", tmp_path)])
    assert found.named("fine") is not None
    said = {fault.path.name: fault.message for fault in found.faults}
    assert said["pipe.md"] == "is no plain file"
    assert (
        "byte 4" in said["latin.md"] and "64 KiB" in said["large.md"] and "can't be read" in said["gone.md"]
    )


def test_a_folder_that_isn_t_there_holds_nothing(tmp_path: Path):
    assert templates.load([("own", tmp_path / "none")]).faults == ()


def test_a_shared_folder_that_a_setting_names_ought_to_be_there(tmp_path: Path):
    (fault,) = templates.load([("shared", tmp_path / "none")]).faults
    assert (
        str(fault)
        == f"{tmp_path / 'none'}: no such folder; the setting templates (SUPPORTTUI_TEMPLATES) names it"
    )


def test_a_shipped_paragraph_is_one_line_whatever_is_put_in():
    """Broken lines would be ragged in every mail: a fact is longer or shorter than its placeholder."""
    for one in templates.load([]).templates:
        text = "".join("X" if isinstance(part, Slot) else part for part in one.parts)
        assert re.findall(r"[^\n]\n[a-z].*", text) == [], one.name


def test_the_shipped_ones_can_be_used_and_are_told_apart():
    found = templates.load([])
    assert found.faults == () and len(found.templates) >= 5
    assert len({one.title for one in found.templates}) == len(found.templates)
    assert any(one.fits("resolve") and not one.fits("note") for one in found.templates)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="{}ab \nme_«»?:", max_size=60), st.text(alphabet="{}me«»? ", max_size=20))
def test_any_text_is_a_template_or_a_fault_and_data_goes_in_unchanged(text: str, value: str):
    template, faults = parse(text, HERE)
    assert (template is None) == bool(faults)
    if template is not None:
        known = dict.fromkeys(PLACEHOLDERS, value)
        slots = [part for part in template.parts if isinstance(part, Slot)]
        plain = sum(len(part) for part in template.parts if isinstance(part, str))
        shown = sum(len(value.strip() or f"«{slot.name}?»") for slot in slots)
        assert len(fill(template, known)) == plain + shown
