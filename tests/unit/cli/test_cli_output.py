"""What is printed is aligned, cut to the terminal, and inert."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.cli.output import Column, Output, plain, width_of

HOSTILE = "\x1b]52;c;eA==\x07\x9b2J\u202egpj.exe\r\n\tend"
COLUMNS = (Column("no.", right=True), Column("who"), Column("subject", flexible=True))


def made(form="text", **more):
    stream = io.StringIO()
    return Output(stream, form, **more), stream


def inert(text: str) -> bool:
    return all(char == "\n" or char.isprintable() for char in text)


def test_a_table_is_aligned_and_right_where_asked():
    out, stream = made()
    out.table(COLUMNS, [["7", "ana", "x"], ["1042", "raj", "a longer one"]])
    assert stream.getvalue().splitlines() == [
        " no.  who  subject",
        "   7  ana  x",
        "1042  raj  a longer one",
    ]


def test_at_a_terminal_the_flexible_column_gives_way():
    out, stream = made(width=30)
    out.table(COLUMNS, [["1042", "raj", "s" * 60]])
    lines = stream.getvalue().splitlines()
    assert all(len(line) <= 30 for line in lines)
    assert lines[1].startswith("1042  raj  sss") and lines[1].endswith("…")


def test_a_very_narrow_terminal_cuts_the_line():
    out, stream = made(width=8)
    out.table(COLUMNS, [["1042", "raj", "s" * 60]])
    assert all(len(line) <= 8 for line in stream.getvalue().splitlines())


def test_wide_letters_count_as_two_cells():
    out, stream = made()
    out.table(COLUMNS, [["1", "日本", "x"], ["2", "ana", "y"]])
    assert stream.getvalue().splitlines()[1:] == ["  1  日本  x", "  2  ana   y"]


def test_colour_only_marks_urgent_rows_and_only_when_wanted():
    out, stream = made(width=80, colours=True)
    out.table(COLUMNS, [["1", "ana", "x"], ["2", "raj", "y"]], [True, False])
    lines = stream.getvalue().splitlines()
    assert lines[1].startswith("\x1b[1;31m") and lines[1].endswith("\x1b[0m")
    assert "\x1b" not in lines[0] + lines[2]
    plain_out, plain_stream = made(width=80)
    plain_out.table(COLUMNS, [["1", "ana", "x"]], [True])
    assert "\x1b" not in plain_stream.getvalue()


@given(st.text())
def test_nothing_that_a_terminal_obeys_gets_through(text):
    out, stream = made(width=40)
    out.line(text)
    out.table(COLUMNS, [["1", text, text]])
    out.pairs([("name", text)])
    out.body(text)
    out.tsv(["a"], [[text]])
    out.json({"a": text})
    shown = stream.getvalue().replace("\t", "").replace("\u200d", "")
    assert inert(shown)


def test_json_is_ascii_and_loses_nothing():
    out, stream = made("json")
    out.json({"subject": HOSTILE, "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)})
    assert stream.getvalue().isascii() and inert(stream.getvalue())
    assert json.loads(stream.getvalue()) == {"subject": HOSTILE, "at": "2026-01-02T03:04:05Z"}


@pytest.mark.parametrize("values", [[], [1], [{"a": 1}, {"a": 2}]])
def test_a_streamed_list_is_json(values):
    out, stream = made("json")
    out.json_list(iter(values))
    assert json.loads(stream.getvalue()) == values


def test_tsv_keeps_one_line_a_row_and_one_tab_between_fields():
    out, stream = made("tsv")
    out.tsv(["a", "b", "c", "d", "e"], [["x\ty", "p\nq\\", None, True, ["t", "u"]]])
    assert stream.getvalue() == "a\tb\tc\td\te\nx\\ty\tp\\nq\\\\\t\tyes\tt u\n"


def test_a_stream_without_utf8_gets_ascii():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    out = Output(stream)
    out.line("naïve – 日本")
    out.table(COLUMNS, [["1", "é", "→"]])
    stream.flush()
    assert raw.getvalue().isascii()


def test_plain_values():
    assert plain((1, {"a": datetime(2026, 1, 1, tzinfo=UTC)}, None)) == [
        1,
        {"a": "2026-01-01T00:00:00Z"},
        None,
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("columns", "width"), [("100", 100), ("0", 80), ("x", 80), ("９", 80), ("9" * 400, 80)]
)
def test_the_width_is_that_of_the_terminal(columns, width):
    assert width_of(Terminal(), {"COLUMNS": columns}) == width


def test_a_file_has_no_width():
    assert width_of(io.StringIO(), {"COLUMNS": "100"}) == 0
