"""Lines of spans: widths add up, and the difference of two lines covers every changed cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supporttui.console.present.spans import (
    Span,
    difference,
    fit_line,
    line,
    line_width,
    plain,
    spread,
)

words = st.text(alphabet="ab 0:日é", max_size=8)
spans = st.lists(st.builds(Span, words, st.sampled_from(["", "sev1", "muted"])), max_size=6).map(tuple)


@given(spans, st.integers(0, 30))
def test_a_fitted_line_has_the_width_asked_for(text, cells):
    assert line_width(fit_line(text, cells)) == cells


@given(spans, spans, st.integers(1, 30))
def test_the_difference_covers_every_cell_that_changed(old, new, cells):
    before, after = fit_line(old, cells), fit_line(new, cells)
    found = difference(before, after)
    if found is None:
        assert before == after
        return
    start, end = found
    assert 0 <= start < end <= cells
    assert _cells(before)[:start] == _cells(after)[:start]
    assert _cells(before)[end:] == _cells(after)[end:]


def _cells(spans):
    from supporttui.terminal.safe import char_width

    out = []
    for text, role in spans:
        for char in text:
            out += [(char, role)] + [("", role)] * (char_width(char) - 1)
    return out


def test_one_digit_of_a_countdown_is_one_cell():
    before = line(Span("1042 "), Span("in 0:41:09", "sev1"), Span(" NETEX"))
    after = line(Span("1042 "), Span("in 0:41:08", "sev1"), Span(" NETEX"))
    assert difference(before, after) == (14, 15)


def test_a_cut_line_says_so():
    assert plain(fit_line(line("abcdef", "ghi"), 5)) == "abcd…"
    assert plain(fit_line(line("abcde", "f"), 5)) == "abcd…"
    assert plain(fit_line(line("abcde"), 5)) == "abcde"


def test_the_right_part_stands_at_the_right_edge():
    assert plain(spread(line("left side is long"), line("42 of 99"), 20)) == "left side … 42 of 99"
