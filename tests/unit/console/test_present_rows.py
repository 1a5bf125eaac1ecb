"""Rows of the queue and of the timers: exact widths, words beside colours, nothing that jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.console.present import queue, timers, urgency
from supporttui.console.present.setting import ASCII, UNICODE, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.store.records import DeadlineLine, TicketLine

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
SETTING = Setting(actor="ana", severities={1: "System down"})


def ticket(**more) -> TicketLine:
    values = {
        "number": 1042, "severity": 1, "status": "open", "owner": "ana", "customer": "Acme Corp",
        "subject": "NETEX crashes z/OS when starting", "product": "NETEX", "reported_at": NOW, "updated_at": NOW,
        "next_due_at": None, "overdue_since": None, "paused": False, "acknowledged_until": None,
        "snoozed_until": None, "merged_into": 0, "version": 1,
    }  # fmt: skip
    return TicketLine(**{**values, **more})


def timer(**more) -> DeadlineLine:
    values = {
        "ticket": 1042, "key": "k", "kind": "escalation", "role": "director", "level": 1,
        "label": "Director of Customer Services", "severity": 1, "due_at": NOW, "state": "armed",
        "subject": "NETEX crashes",
    }  # fmt: skip
    return DeadlineLine(**{**values, **more})


def words(**more) -> str:
    return plain(queue.row(ticket(**more), 100, SETTING, NOW))


@pytest.mark.parametrize(
    ("fields", "glyph", "text", "role"),
    [
        ({"overdue_since": NOW - timedelta(minutes=12, seconds=40)}, "!!", "OVER +0:12:40", "overdue"),
        ({"next_due_at": NOW - timedelta(seconds=1)}, "!!", "OVER +0:00:01", "overdue"),
        ({"next_due_at": NOW + timedelta(minutes=41, seconds=9)}, " !", "in 0:41:09", "warning"),
        ({"next_due_at": NOW + timedelta(hours=6, minutes=20)}, "  ", "in  6 h 20 m", ""),
        ({"paused": True}, "||", "paused", "muted"),
        ({"snoozed_until": NOW + timedelta(hours=1)}, " z", "snoozed", "muted"),
        ({"merged_into": 7}, "  ", "→ 7", "muted"),
        ({"status": "resolved"}, "  ", "resolved", "muted"),
        ({}, "  ", "no deadline", "muted"),
    ],
)
def test_what_a_clock_says_is_told_by_glyph_word_and_role(fields, glyph, text, role):
    found = urgency.of_ticket(ticket(**fields), NOW, UNICODE)
    assert (found.glyph, found.text, found.role) == (glyph, text, role)


def test_an_acknowledged_ticket_is_marked_until_it_is_pressing_again():
    calm = ticket(acknowledged_until=NOW + timedelta(hours=2), next_due_at=NOW + timedelta(hours=2))
    assert urgency.of_ticket(calm, NOW, UNICODE).glyph == " ✓"
    soon = ticket(acknowledged_until=NOW + timedelta(minutes=2), next_due_at=NOW + timedelta(minutes=2))
    assert urgency.of_ticket(soon, NOW, UNICODE).glyph == " !"


@given(st.integers(-10_000_000, 10_000_000))
def test_nothing_about_a_clock_changes_before_it_says_so(seconds):
    row = ticket(next_due_at=NOW + timedelta(seconds=seconds))
    first = urgency.of_ticket(row, NOW, UNICODE)
    assert first.changes_in >= 1
    just_before = urgency.of_ticket(row, NOW + timedelta(seconds=first.changes_in - 1), UNICODE)
    assert just_before[:3] == first[:3]


names = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cn")), max_size=40)


@settings(max_examples=200)
@given(
    cells=st.integers(45, 200),
    subject=names,
    customer=names,
    owner=names,
    number=st.integers(1, 99_999),
    due=st.none() | st.integers(-(10**8), 10**8),
    cursor=st.booleans(),
    marked=st.booleans(),
)
def test_every_row_has_exactly_its_width_and_no_control_character(
    cells, subject, customer, owner, number, due, cursor, marked
):
    at = None if due is None else NOW + timedelta(seconds=due)
    row = ticket(subject=subject, customer=customer, owner=owner, number=number, next_due_at=at)
    line = queue.row(row, cells, SETTING, NOW, cursor=cursor, marked=marked)
    assert line_width(line) == cells
    assert plain(line).isprintable()
    shown = timers.row(timer(subject=subject, label=customer, ticket=number), cells, SETTING, NOW)
    assert line_width(shown) == cells and plain(shown).isprintable()


def test_columns_drop_out_one_by_one_and_the_subject_stays():
    shown = {cells: {column.name for column in queue.widths(cells, 5).optional} for cells in range(50, 161)}
    assert shown[50] == set()
    counts = [len(shown[cells]) for cells in sorted(shown)]
    assert counts == sorted(counts) and counts[-1] == 4
    assert "owner" in shown[80] and "customer" in shown[80]
    for cells in range(54, 161):
        assert queue.widths(cells, 5).subject >= 20


def test_the_heading_stands_over_its_columns():
    for cells in (60, 80, 120, 160):
        heading, row = plain(queue.heading(cells, SETTING)), words_at(cells)
        assert heading.index("subject") == row.index("NETEX crashes")
        assert heading.index("no.") + 3 == row.index("1042") + 4
        assert line_width(queue.heading(cells, SETTING)) == cells


def words_at(cells: int) -> str:
    return plain(queue.row(ticket(), cells, SETTING, NOW))


def test_numbers_stand_on_their_right_edge_while_a_second_passes():
    due = NOW + timedelta(minutes=10, seconds=1)
    before = plain(queue.row(ticket(next_due_at=due), 80, SETTING, NOW))
    after = plain(queue.row(ticket(next_due_at=due), 80, SETTING, NOW + timedelta(seconds=2)))
    differing = [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    assert differing and max(differing) - min(differing) <= 5


def test_a_row_can_be_read_aloud_without_colour():
    text = words(overdue_since=NOW - timedelta(hours=2))
    assert "1" in text and "!!" in text and "OVER" in text and "1042" in text


def test_a_row_that_was_changed_here_is_dim_all_over():
    assert {role for _, role in queue.row(ticket(), 80, SETTING, NOW, kept=True)} <= {"muted", ""}


def test_severities_beyond_the_fourth_look_like_it_and_the_first_has_a_bar():
    assert "▌1" in words() and "▌" not in words(severity=2)
    assert any(role == "sev4" for _, role in queue.row(ticket(severity=7), 80, SETTING, NOW))


def test_ascii_rows_are_ascii():
    setting = Setting(actor="ana", glyphs=ASCII)
    text = plain(queue.row(ticket(owner="", merged_into=9), 100, setting, NOW, cursor=True, marked=True))
    assert text.isascii()


def test_a_timer_says_whom_it_tells_and_who_has_not_answered():
    told = timer(state="fired", due_at=NOW - timedelta(hours=1), fired_at=NOW)
    text = plain(timers.row(told, 90, SETTING, NOW))
    assert "Director of Customer Services" in text and "told, no ack" in text and "OVER" in text
    narrow = plain(timers.row(timer(), 50, SETTING, NOW))
    assert "Director Customer Services" in narrow and "director" not in narrow
    least = plain(timers.row(timer(), 44, SETTING, NOW))
    assert "Director Cust" in least and "…" in least and "director" not in least
    at_120 = plain(timers.row(timer(), 64, SETTING, NOW))
    assert "Director of Customer Services" in at_120
    with_answer = plain(timers.row(told, 64, SETTING, NOW))
    assert "Director Customer Services" in with_answer and with_answer.endswith(" no ack")
    for cells in range(43, 58):  # a column of its own: the word before the countdown gives way first
        short = plain(timers.row(told, cells, SETTING, NOW))
        whom = "Customer Services" if cells >= 50 else "told Director"
        assert "!!  +1 h 00 m" in short and whom in short and "OVER" not in short, (cells, short)
        assert "in" not in plain(timers.row(timer(due_at=NOW + timedelta(hours=3)), cells, SETTING, NOW))[:22]


def test_a_marked_row_under_the_cursor_shows_both():
    both = plain(queue.row(ticket(), 80, SETTING, NOW, cursor=True, marked=True))
    assert "▸" in both and "●" in both
    assert "●" not in plain(queue.row(ticket(), 80, SETTING, NOW, cursor=True))
    assert "paused" in plain(timers.row(timer(state="paused"), 90, SETTING, NOW))


def test_a_promise_is_called_one():
    assert timers.label(timer(kind="promise", label="next update")) == "promised update: next update"
    assert timers.label(timer(kind="response", label="first response")) == "first response"
    assert timers.label(timer(kind="update", label="")) == "next update"


def test_a_name_is_drawn_without_the_blanks_that_fill_its_column():
    mine = queue.row(ticket(owner="ana"), 80, SETTING, NOW)
    assert [span.text for span in mine if "mine" in span.role] == ["ana"]
