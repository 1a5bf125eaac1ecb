"""The wall as lines: exact widths, large digits that don't jump, words beside colours, nothing hostile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.console.present import wall
from supporttui.console.present.bars import DeskState
from supporttui.console.present.digits import FONT, SEGMENTS, SMALL, TALL, glyph, large, large_width
from supporttui.console.present.setting import ASCII, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.desk.wall import Burning, Wall
from supporttui.store.line import TicketLine
from supporttui.store.records import DeadlineLine

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
SETTING = Setting(actor="ana", desk_name="NetEx", severities={1: "System down"})
STATE = DeskState(open=True, ticked_at=NOW)


def burning(seconds: int, **more: object) -> Burning:
    """A ticket whose clock has so many seconds left; overdue when there are none."""
    at = NOW + timedelta(seconds=seconds)
    values = {
        "number": 1042, "severity": 1, "status": "open", "owner": "", "customer": "Acme", "subject": "down",
        "product": "", "reported_at": NOW, "updated_at": NOW, "next_due_at": at if seconds > 0 else None,
        "overdue_since": at if seconds <= 0 else None, "paused": False, "acknowledged_until": None,
        "snoozed_until": None, "merged_into": 0, "version": 1,
    }  # fmt: skip
    rung = DeadlineLine(
        ticket=1042, key="k", kind="escalation", role="director", level=1, label="Director", severity=1,
        due_at=at, state="armed" if seconds > 0 else "fired", fired_at=None if seconds > 0 else at,
    )  # fmt: skip
    row = TicketLine(**{**values, **more})
    return Burning(row, () if seconds > 0 else (rung,), rung if seconds > 0 else None)


def test_signs_of_a_way_have_one_width():
    for char in set(FONT) - {":", " "}:
        assert {len(row) for row in glyph(char, TALL, ascii=False)} == {6}
        assert {len(row) for row in glyph(char, SMALL, ascii=False)} == {3}
        assert {len(row) for row in SEGMENTS[char]} == {3}
    assert len({tuple(glyph(char, SMALL, ascii=False)) for char in FONT}) == len(FONT)
    assert len({tuple(rows) for rows in SEGMENTS.values()}) == len(SEGMENTS)


def test_large_text_is_as_wide_as_it_says():
    for text in ("41:09", "+2h17", "99d23h", "--:--"):
        for lines in (TALL, SMALL):
            rows = large(text, lines)
            assert len(rows) == lines
            assert {sum(len(piece) + 1 for piece in row) for row in rows} == {large_width(text, lines)}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "00:01"), (3599, "59:59"), (3600, "1h00"), (86_399, "23h59"), (86_400, "1d00h"), (0, "+00:00"),
     (-760, "+12:40"), (-22_800, "+6h20"), (-200 * 86_400, "+200d"), (None, "--:--")],
)  # fmt: skip
def test_what_the_digits_say(seconds: int | None, text: str):
    assert wall.big_text(seconds) == text
    assert large_width(text, TALL) <= wall.COLUMN[TALL] and large_width(text, SMALL) <= wall.COLUMN[SMALL]


@settings(max_examples=80, deadline=None)
@given(
    clocks=st.lists(st.integers(-(10**7), 10**7), max_size=9),
    cells=st.integers(40, 220),
    rows=st.integers(6, 70),
    text=st.text(max_size=40),
    page=st.integers(-3, 5),
)
def test_every_line_fits_whatever_is_on_it(clocks, cells, rows, text, page):
    shown = Wall(NOW, tuple(burning(one, subject=text, customer=text, owner=text) for one in clocks))
    lines = wall.lines(shown, page, cells, rows, SETTING, STATE, NOW)
    assert len(lines) == rows
    for line in lines:
        assert line_width(line) <= cells and plain(line).isprintable()


def test_a_second_changes_only_digits():
    before, after = (
        wall.lines(Wall(NOW, (burning(2005),)), 0, 120, 38, SETTING, STATE, NOW + timedelta(seconds=at))
        for at in (0, 1)
    )
    changed = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert changed and set(changed) <= set(range(2, 7))
    for at in changed:
        old, new = plain(before[at]), plain(after[at])
        assert old[: 40 - 7] == new[: 40 - 7] and old[45:] == new[45:]


def test_overdue_acknowledged_and_ownerless_are_said_in_words():
    band = "\n".join(plain(line) for line in wall.band(burning(-60), 120, TALL, SETTING, NOW))
    assert "OVERDUE by" in band and "told, no ack: Director" in band and "NOBODY HAS IT" in band
    calm = burning(600, owner="raj", acknowledged_until=NOW + timedelta(minutes=5))
    words = "\n".join(plain(line) for line in wall.band(calm, 80, SMALL, SETTING, NOW))
    assert "due in" in words and "raj has it, update promised by 20:51" in words
    broken = burning(600, owner="raj", acknowledged_until=NOW - timedelta(minutes=5))
    assert "update was promised by 20:41" in plain(wall.band(broken, 120, SMALL, SETTING, NOW)[3])


def test_ascii_is_ascii():
    setting = Setting(actor="ana", glyphs=ASCII)
    for digits in (TALL, SMALL, wall.PLAIN):
        assert all(plain(line).isascii() for line in wall.band(burning(600), 120, digits, setting, NOW))


@pytest.mark.parametrize(
    ("tickets", "size", "digits"),
    [(4, (120, 38), TALL), (6, (120, 38), SMALL), (4, (80, 22), SMALL), (1, (50, 20), wall.PLAIN),
     (9, (200, 58), TALL), (2, (80, 8), wall.PLAIN)],
)  # fmt: skip
def test_the_largest_digits_with_which_everything_fits(tickets: int, size: tuple[int, int], digits: int):
    assert wall.sheet(tickets, *size).digits == digits
