"""The bars: what is always true fits at every width, and stale is said in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supporttui.console.present import bars
from supporttui.console.present.bars import DeskState, Notice, Tab
from supporttui.console.present.setting import ASCII, Setting
from supporttui.console.present.spans import Span, line, line_width, plain

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
SETTING = Setting(actor="ana", desk_name="NetEx", zone=CHICAGO, vendor_zone=CHICAGO)
OPEN = DeskState(open=True, until=NOW + timedelta(hours=2, minutes=14), ticked_at=NOW)


def header(state: DeskState = OPEN, cells: int = 160, setting: Setting = SETTING) -> str:
    return plain(bars.header(state, cells, setting, NOW))


def test_the_top_line_tells_desk_hours_zone_actor_watch_and_time():
    text = header()
    for words in (
        "NetEx desk",
        "OPEN until 17:00 CST, 2 h 14 m left",
        "ana",
        "watch ✓ 14:46",
        "Fri 20 Nov 14:46 CST",
    ):
        assert words in text


def test_a_closed_desk_says_when_it_opens_and_that_severity_1_is_worked():
    monday = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    text = header(DeskState(open=False, until=monday, ticked_at=NOW))
    assert "CLOSED until Mon 08:00 CST" in text and "Severity 1 is worked" in text


def test_the_hours_are_in_the_vendors_zone_and_the_clock_in_the_analysts():
    setting = Setting(actor="ana", desk_name="NetEx", zone=ZoneInfo("Asia/Singapore"), vendor_zone=CHICAGO)
    text = header(setting=setting)
    assert "until 17:00 CST" in text and "Sat 21 Nov 04:46 +08" in text


@pytest.mark.parametrize("cells", [60, 70, 80, 100, 120, 160, 200])
def test_the_top_line_fits_and_never_drops_the_watch(cells):
    for state in (OPEN, DeskState(trouble="the store can't be read"), DeskState(open=True, ticked_at=NOW)):
        found = bars.header(state, cells, SETTING, NOW)
        assert line_width(found) == cells
        assert "watch" in plain(found)


def test_a_late_watch_is_told_by_word_glyph_and_colour():
    late = DeskState(open=True, ticked_at=NOW - timedelta(minutes=9))
    found = bars.header(late, 120, SETTING, NOW)
    assert "watch !! 9 m old" in plain(found)
    assert any(role == "overdue" for _, role in found)


def test_read_only_is_said():
    assert "READ-ONLY" in header(DeskState(open=True, ticked_at=NOW, readonly=True))


def test_the_shown_tab_is_in_brackets_and_stays_when_others_have_no_room():
    views = [Tab(f"View {at}", at * 1000, at == 3) for at in range(9)]
    wide = plain(bars.tabs(views, 2, 200, SETTING))
    assert "[View 2 (999+)]" in wide and "View 3 (999+)" in wide and "View 0 (0)" in wide
    narrow = bars.tabs(views, 8, 60, SETTING)
    assert "[View 8" in plain(narrow) and line_width(narrow) == 60


def test_as_many_keys_as_fit_and_no_half_one():
    keys = [("a", "acknowledge"), ("r", "reply"), ("i", "note")]
    for cells in range(10, 60):
        text = plain(bars.footer(keys, line(Span("q back")), cells, SETTING))
        assert "…" not in text and all(piece in ("", "a acknowledge", "r reply", "i note", "q back") for piece in re.split(" {2,}", text.replace(" q back", "  q back").strip()))  # fmt: skip
    text = plain(bars.footer(keys, line(Span("2 marked ")), 34, SETTING))
    assert "r reply" in text and "note" not in text and text.endswith("2 marked ")


def test_a_notice_is_one_line_whatever_it_says():
    found = bars.notice(Notice("a\x1b[2Jb\nc" * 40, "error"), 80, SETTING)
    assert line_width(found) == 80 and plain(found).isprintable() and plain(found).startswith("!!")


def test_the_focused_pane_is_told_without_colour():
    on = plain(bars.pane_rule("Queue", 40, SETTING, focused=True))
    off = plain(bars.pane_rule("Queue", 40, SETTING, focused=False))
    assert on != off and len(on) == len(off) == 40


def test_ascii_bars_are_ascii():
    setting = Setting(actor="ana", desk_name="NetEx", glyphs=ASCII)
    assert header(setting=setting).isascii()
    assert plain(bars.pane_rule("Queue", 40, setting, focused=True)).isascii()


@pytest.mark.parametrize("cells", [60, 80, 120, 160])
def test_what_is_held_back_and_that_the_watch_is_silent_are_whole_at_every_width(cells):
    until = NOW + timedelta(hours=3)
    state = DeskState(
        open=True, until=until, ticked_at=NOW, silent_since=NOW - timedelta(minutes=7),
        silenced=(("Acme Corp", until),), on_call=(("raj", until),),
    )  # fmt: skip
    text = header(state, cells)
    assert "NOTICES HELD" in text and "watch !! silent for 7 m" in text and "…" not in text
    assert ("NOTICES HELD: Acme Corp until 17:46" in text) == (cells > 80)
