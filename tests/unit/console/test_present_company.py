"""Who else is there, in words and in a few cells; names of any kind fit and are inert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.console.present import company, queue
from supporttui.console.present.company import Company
from supporttui.console.present.setting import ASCII, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.desk.presence import Here
from supporttui.store.line import TicketLine

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
SETTING = Setting(actor="ana")
RAJ = Here("raj", 7, "reply", 130)
MEI = Here("mei", 7, "", 500)


def row(number: int = 7, **more) -> TicketLine:
    values = {
        "number": number, "severity": 2, "status": "open", "owner": "", "customer": "Acme", "product": "",
        "subject": "Transfers restart several times before they succeed", "reported_at": NOW, "updated_at": NOW,
        "next_due_at": None, "overdue_since": None, "paused": False, "acknowledged_until": None,
        "snoozed_until": None, "merged_into": 0, "version": 1,
    }  # fmt: skip
    return TicketLine(**{**values, **more})


def shown(cells: int, here=(RAJ,), unseen=frozenset(), setting=SETTING) -> str:
    return plain(queue.row(row(), cells, setting, NOW, company=Company({7: here}, unseen)))


def test_the_sentence_names_all_and_how_long_they_write():
    assert company.sentence([RAJ, MEI], SETTING) == "raj is replying, 2 min · mei is reading"
    assert company.sentence([RAJ], SETTING, too="reply") == "raj is replying too, 2 min"
    assert company.sentence([RAJ], SETTING, too="note") == "raj is replying, 2 min"
    assert (
        company.sentence([RAJ._replace(doing="severity", seconds=7300)], SETTING) == "raj is changing it, 2 h"
    )


def test_with_less_room_less_is_said():
    for cells, words in ((60, "raj is replying, 2 min · mei is reading"), (30, "raj is replying, 2 min"),
                         (16, "raj replies +1"), (6, "raj r…")):  # fmt: skip
        assert plain(company.beside([RAJ, MEI], cells, SETTING)) == words
    assert company.beside([], 60, SETTING) == ()


def test_a_row_says_it_in_words_by_name_or_by_glyph():
    assert "»raj replies" in shown(120)
    assert "»raj" in shown(65) and "replies" not in shown(65)
    assert "»raj +1" in shown(65, (RAJ, MEI))
    assert "»" in shown(50) and "raj" not in shown(50)
    assert "@mei" in shown(65, (MEI,))


def test_news_stand_before_the_number():
    assert "◆7 Transfers" in shown(80, (), frozenset({7}))
    assert "+7 Transfers" in shown(80, (), frozenset({7}), replace(SETTING, glyphs=ASCII))
    assert "◆" not in shown(80, (), frozenset({8}))


@pytest.mark.parametrize("cells", [60, 65, 78, 80, 100, 160])
def test_no_column_moves_when_somebody_comes(cells):
    without, along = shown(cells, ()), shown(cells)
    assert len(without) == len(along) == cells
    heading = plain(queue.heading(cells, SETTING))
    at = heading.index("subject")
    assert without[:at] == along[:at]
    assert without.rstrip().endswith("–") == along.rstrip().endswith("–")


anything = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cn")), max_size=60)


@given(anything, anything, st.integers(0, 10**6), st.integers(1, 120))
def test_any_name_fits_and_is_inert(name, doing, seconds, cells):
    here = [Here(name, 7, doing, seconds), MEI]
    for spans in (company.beside(here, cells, SETTING), company.tag(here, cells, SETTING)):
        assert plain(spans).isprintable()
        assert line_width(spans) <= cells
    assert company.sentence(here, SETTING).isprintable()
