"""The stopwatch in the top line: minutes, what rests, and that it was forgotten, at every width."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supporttui.console.present import bars
from supporttui.console.present.bars import DeskState
from supporttui.console.present.setting import ASCII, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.store.worked import Stopwatch

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
SETTING = Setting(actor="ana", desk_name="NetEx")
OPEN = DeskState(open=True, until=NOW + timedelta(hours=2), ticked_at=NOW)


def watch(number: int = 1042, *, running: bool = True, **ago: float) -> Stopwatch:
    begun = NOW - timedelta(**ago)
    held = 0 if running else int((NOW - begun).total_seconds())
    return Stopwatch(
        actor="ana", ticket=number, begun_at=begun, started_at=begun if running else NOW, held=held, running=running
    )  # fmt: skip


def header(*watches: Stopwatch, cells: int = 100, setting: Setting = SETTING) -> str:
    return plain(bars.header(replace(OPEN, stopwatches=watches), cells, setting, NOW))


@pytest.mark.parametrize(
    ("watches", "shown"),
    [
        ((watch(seconds=59),), "◷ 0m #1042 "),
        ((watch(minutes=12, seconds=59),), "◷ 12m #1042 "),
        ((watch(hours=1, minutes=5),), "◷ 1h05 #1042 "),
        ((watch(running=False, minutes=12),), "◷ || 12m #1042 "),
        ((watch(minutes=12), watch(7, running=False, minutes=3)), "◷ 12m #1042 +1 "),
    ],
)
def test_what_it_shows(watches, shown):
    assert shown in header(*watches)


def test_without_one_there_is_nothing():
    assert "◷" not in header() and "#" not in header()


def test_in_ascii_it_is_a_word():
    text = header(watch(minutes=12), setting=replace(SETTING, glyphs=ASCII))
    assert "timer 12m #1042" in text and text.isascii()


@pytest.mark.parametrize("cells", [60, 80, 100, 120, 160])
def test_it_is_whole_at_every_width_beside_the_watch(cells):
    text = header(watch(hours=11, minutes=12), watch(7, running=False), cells=cells)
    assert "◷ 11h12 #1042 +1" in text and "watch ✓" in text
    assert (
        line_width(bars.header(replace(OPEN, stopwatches=(watch(hours=11),)), cells, SETTING, NOW)) <= cells
    )


def test_a_forgotten_one_is_loud():
    def role(one: Stopwatch) -> str:
        spans = bars.header(replace(OPEN, stopwatches=(one,)), 100, SETTING, NOW)
        return next(span.role for span in spans if "#1042" in span.text)

    assert "warning" in role(watch(hours=8, seconds=1)) and "warning" not in role(watch(hours=8))
