"""`clean()`: whatever strangers write, a terminal obeys none of it."""

from __future__ import annotations

import json
import sys
import time
import timeit
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from supporttui.terminal.safe import (
    MARKS_PER_BASE,
    char_width,
    clean,
    clean_line,
    clip,
    escape_json,
    fit,
    to_ascii,
    width,
)
from tests.wire.hostile import CANARY, PAYLOADS

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]
OBEYED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
TEXTS = st.text(st.characters(), max_size=40) | st.text(
    st.sampled_from("a \t\n\x1b\x9b\u200d\ufe0f\u0301👨👧🏽❤漢\u1100\u1161\u3164\u202e\U0001f6dc"),
    max_size=30,
)


def obeyed(text: str) -> list[str]:
    """Signs of `text` that a terminal could act on."""
    return [char for char in text if unicodedata.category(char) in OBEYED and char != "\u200d"]


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("newlines", [False, True])
def test_payload_becomes_inert(name: str, newlines: bool) -> None:
    inert = clean(PAYLOADS[name], newlines=newlines)
    assert obeyed(inert.replace("\n", "") if newlines else inert) == []
    assert CANARY in inert or name == "combining-many-bases"


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload_becomes_ascii_on_a_terminal_without_utf8(name: str) -> None:
    inert = clean(PAYLOADS[name], ascii=True)
    assert inert.isascii()
    assert inert.isprintable()


def test_every_character_of_unicode_alone_and_between_letters() -> None:
    for char in EVERY_CHARACTER:
        if char.isascii() and char.isprintable():
            continue
        inert = clean(f"a{char}b")
        assert not obeyed(inert), f"U+{ord(char):04X}"
        assert "\u200d" not in inert
        assert inert[0] == "a" and inert[-1] == "b"


def test_characters_that_are_shown_keep_their_form() -> None:
    for text in (
        "Übertragung – Größe",
        "日本語",
        "Ελληνικά",
        "русский",
        "naïve e\u0301",
        "שלום",
        "ไทย",
        "हिन्दी",
        "🇩🇪",
    ):
        assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown", "in_ascii"),
    [
        ("\x1b[31m", "␛[31m", "^[[31m"),
        ("a\nb\r\tc", "a␊b␍␉c", "a^Jb^M^Ic"),
        ("\x00\x07\x7f", "␀␇␡", "^@^G^?"),
        ("\x9b6n", "<9B>6n", "<9B>6n"),
        ("\u202eexe", "<202E>exe", "<202E>exe"),
        ("\U000e0041", "<E0041>", "<E0041>"),
        ("\ud800", "<D800>", "<D800>"),
        ("a\u2028b", "a<2028>b", "a<2028>b"),
        ("a\u00a0b\u3000c", "a b  c", "a b  c"),
        ("\u3164", "<3164>", "<3164>"),
        ("\u0301x", "◌\u0301x", "ox"),
    ],
)
def test_marks_say_what_was_there(text: str, shown: str, in_ascii: str) -> None:
    assert clean(text) == shown
    assert clean(text, ascii=True) == in_ascii


def test_bodies_keep_their_lines_and_tabs_become_columns() -> None:
    assert clean("one\r\ntwo\nthree", newlines=True) == "one\ntwo\nthree"
    assert clean("a\tb", newlines=True) == "a       b"
    assert clean("12345678\tb", newlines=True) == "12345678        b"
    assert clean("漢\tb", newlines=True) == "漢      b"
    assert clean("over\rwrite", newlines=True) == "over␍write"


def test_at_most_eight_marks_stay_on_a_base_and_the_rest_is_counted() -> None:
    inert = clean("a" + "\u0301" * 50 + "b")
    assert inert == "a" + "\u0301" * MARKS_PER_BASE + "<+42 marks>b"
    assert clean("a" + "\u0301" * 8 + "b") == "a" + "\u0301" * 8 + "b"
    assert clean("\u1100" + "\u1161" * 20).endswith("<+12 marks>")


def test_joiner_stays_between_emoji_only_and_not_in_endless_chains() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    assert clean(family) == family
    assert clean("❤\ufe0f\u200d🔥") == "❤\u200d🔥"
    assert clean("👩🏽\u200d🚀") == "👩🏽\u200d🚀"
    assert clean("NE\u200dTEX") == "NE<200D>TEX"
    assert clean("👨\u200d") == "👨<200D>"
    chain = clean("\u200d".join("👨" * 60))
    assert max(part.count("\u200d") for part in chain.split("<200D>")) == 6


def test_one_line_of_many() -> None:
    assert clean_line("  a\n\n b\t c  ") == "a b c"
    assert clean_line("a  b") == "a b"
    assert clean_line("a\x1bb") == "a␛b"
    assert clean_line(" x ") == "x"


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans(), st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, newlines: bool, ascii: bool) -> None:
    once = clean(text, newlines=newlines, ascii=ascii)
    assert clean(once, newlines=newlines, ascii=ascii) == once


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_width_is_what_textual_computes(text: str) -> None:
    inert = clean(text)
    assert width(inert) == cell_len(inert)


def test_width_of_every_shown_character_is_what_textual_computes() -> None:
    wrong = [char for char in EVERY_CHARACTER if clean(char) == char and char_width(char) != cell_len(char)]
    assert [f"U+{ord(char):04X}" for char in wrong] == []


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 20))
def test_clipped_text_fits_and_fitted_text_fills(text: str, cells: int) -> None:
    inert = clean(text)
    clipped = clip(inert, cells)
    assert width(clipped) <= cells
    if width(inert) <= cells:
        assert clipped == inert or cells == 0
    elif cells:
        assert clipped.endswith("…")
        assert width(clipped) >= cells - 1
    assert width(fit(inert, cells, align="right")) == cells


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("NETEX crashes", 5, "NETE…"),
        ("NETEX", 5, "NETEX"),
        ("漢字漢字", 5, "漢字…"),
        ("漢字漢字", 4, "漢…"),
        ("cafe\u0301 noir", 5, "cafe\u0301…"),
        ("👨\u200d👩\u200d👧 family", 4, "👨\u200d👩\u200d👧 …"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_clip(text: str, cells: int, shown: str) -> None:
    assert clip(text, cells) == shown


def test_ascii_ellipsis_narrower_than_itself() -> None:
    assert clip("abcdef", 2, ellipsis="...") == ".."
    assert clip("abcdef", 4, ellipsis="...") == "a..."


def test_fit_aligns() -> None:
    assert fit("ab", 5) == "ab   "
    assert fit("ab", 5, align="right") == "   ab"
    assert fit("ab", 5, align="centre") == " ab  "


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_ascii_takes_the_same_cells(text: str) -> None:
    inert = clean(text)
    plain = to_ascii(inert)
    assert plain.isascii()
    assert len(plain) == width(inert)


def test_ascii_reads_well() -> None:
    assert to_ascii("╭─ Größe → “Ärger” … ✓ ─╮") == '+- Grose > "Arger" ~ v -+'
    assert to_ascii("漢a") == "??a"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_json_survives_and_holds_nothing_that_is_obeyed(text: str) -> None:
    escaped = escape_json(json.dumps({"subject": text}, ensure_ascii=False))
    assert escaped.isascii() and escaped.isprintable()
    assert json.loads(escaped) == {"subject": text}


def test_a_plain_row_costs_less_than_half_a_microsecond() -> None:
    row = "NETEX crashes z/OS when starting after the IPL"
    best = min(timeit.repeat(lambda: clean(row), number=2_000, repeat=7)) / 2_000
    plain = min(timeit.repeat(lambda: row.isprintable(), number=2_000, repeat=7)) / 2_000
    assert best < 0.5e-6 or best < 25 * plain  # the second holds where the machine is busy


@pytest.mark.parametrize(
    "piece", ["\x1b", "\u0301", "👨\u200d", "\u200d", "a\u202e", "\t", "\u1161", "<", "\u3164"]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        return min(
            timeit.repeat(lambda: clean(text, newlines=True), number=1, repeat=5, timer=time.thread_time)
        )

    # Eight times the text; if each sign looked at all before it, it would be sixty-four.  A busy machine
    # may disturb one comparison, but not five of them.
    assert any(seconds(16_000) < 24 * max(seconds(2_000), 1e-4) for _ in range(5))
