"""Input bytes become keys and pastes: any bytes, split anywhere, and nothing pasted is a key."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.terminal.keystream import END, LIMIT, START, TYPED, Keys, KeyStream, Part, Pasted, inert

FOREVER = 3600.0


def joined(parts: list[Part]) -> list[str | Pasted]:
    """Keys written together, the markers of pastes taken out as their reader does, pastes between."""
    out: list[str | Pasted] = []
    for part in parts:
        if isinstance(part, Pasted):
            out.append(part)
        elif out and isinstance(out[-1], str):
            out[-1] += part.text
        else:
            out.append(part.text)
    cut = (item if isinstance(item, Pasted) else item.replace(START + END, "") for item in out)
    return [item for item in cut if item]


def read(*pieces: bytes, limit: int = LIMIT) -> list[str | Pasted]:
    stream = KeyStream(limit=limit)
    parts = [part for piece in pieces for part in stream.feed(piece)]
    return joined(parts + stream.quiet(FOREVER))


def paste(text: str | bytes) -> bytes:
    return START.encode() + (text if isinstance(text, bytes) else text.encode()) + END.encode()


# Bytes in which every interesting thing is frequent.
atoms = st.sampled_from(
    [START.encode(), END.encode(), b"\x1b", b"[", b"2", b"0", b"~", b"\xe9", "é€😀".encode(), b"\r\n", b"q"]
)
streams = st.lists(st.one_of(atoms, st.binary(max_size=6)), max_size=14).map(b"".join)


@given(streams, st.lists(st.integers(0, 80), max_size=12))
def test_where_reads_split_the_bytes_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    pieces = [data[first:last] for first, last in pairwise(edges)]
    assert read(*pieces) == read(data) == read(*(data[at : at + 1] for at in range(len(data))))


@given(streams, st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0, 9.0]), max_size=8))
def test_no_bytes_and_no_pauses_raise_and_nothing_stays_behind(data: bytes, pauses: list[float]) -> None:
    stream = KeyStream()
    size = max(1, len(data) // (len(pauses) + 1))
    for at in range(0, len(data), size):
        stream.feed(data[at : at + size])
        stream.quiet(pauses.pop() if pauses else 0.0)
    stream.quiet(FOREVER)
    assert stream.quiet(FOREVER) == []


@given(st.binary(max_size=60).filter(lambda data: END.encode() not in data))
def test_a_paste_is_one_text_without_controls_between_the_keys_around_it(data: bytes) -> None:
    found = read(b"j" + paste(data) + b"k")
    text = inert(data.decode(errors="replace"))
    assert found == (["j", Pasted(text), "k"] if text else ["jk"])
    assert not [char for char in text if unicodedata.category(char) == "Cc" and char not in "\n\t"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda text: "\x1b" not in text))
def test_keys_without_a_marker_go_on_at_once_and_unchanged(text: str) -> None:
    parts = KeyStream().feed(text.encode())
    assert parts == ([Keys(text)] if text else [])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hello\x1b[31mV\n", "hello[31mV\n"),
        (b"one\rtwo\r\nthree\n", "one\ntwo\nthree\n"),
        (b"a\tb\x00\x07\x7f\xc2\x9bc", "a\tbc"),
        (b"caf\xe9", "caf\ufffd"),
        (b"x\x1b[200~y", "x[200~y"),
        (b"ends in esc\x1b", "ends in esc"),
        (b"\xf0\x9f\x98", "\ufffd"),
    ],
)
def test_what_is_left_of_a_paste(data: bytes, text: str) -> None:
    assert read(paste(data)) == [Pasted(text)]


def test_undecodable_bytes_become_replacement_signs_and_swallow_no_escape() -> None:
    assert read(b"caf\xe9\x1b[A\xff") == ["caf\ufffd\x1b[A\ufffd"]


def test_a_lone_escape_goes_on_at_once_and_what_follows_isnt_held_back() -> None:
    stream = KeyStream()
    assert stream.feed(b"\x1b") == [Keys("\x1b")]
    assert stream.quiet(0.05) == []
    assert stream.quiet(0.1) == []
    assert stream.feed(b"[") == [Keys("[")]


def test_a_marker_split_after_its_escape_is_no_key() -> None:
    stream = KeyStream()
    assert stream.feed(b"\x1b") == [Keys("\x1b")]
    assert stream.feed(b"[20") == []
    assert stream.feed(b"0~ab") == [Keys("[200~" + END, muted=True)]
    assert stream.feed(END.encode()) == [Pasted("ab")]


def test_the_beginning_of_a_marker_that_never_comes_is_given_out_soon() -> None:
    stream = KeyStream()
    assert stream.feed(b"\x1b[2") == []
    assert stream.quiet(0.1) == [Keys("\x1b[2")]
    assert stream.feed(b"\x1b[2") == []
    assert stream.feed(b"~") == [Keys("\x1b[2~")]


def test_a_paste_without_end_is_given_out_after_a_second_and_keys_work_again() -> None:
    stream = KeyStream()
    stream.feed(START.encode() + b"lost\x1b[20")
    assert stream.quiet(0.9) == []
    assert stream.quiet(1.0) == [Pasted("lost[20")]
    assert stream.feed(b"q") == [Keys("q")]


@pytest.mark.parametrize("rest", [b"x" * (TYPED + 1) + END.encode(), b"qq" + END.encode()])
def test_the_late_rest_of_a_stalled_paste_is_text(rest: bytes) -> None:
    stream = KeyStream()
    stream.feed(START.encode() + b"first ")
    assert stream.quiet(1.5) == [Pasted("first ")]
    assert stream.feed(rest) == [Pasted(rest.removesuffix(END.encode()).decode())]
    assert stream.feed(b"j") == [Keys("j")]


def test_a_paste_over_the_limit_is_cut_and_its_rest_is_never_typed() -> None:
    assert read(START.encode() + b"abcdef", b"ghi", END.encode() + b"k", limit=4) == [Pasted("abcd"), "k"]


def test_a_long_paste_takes_time_in_proportion() -> None:
    stream = KeyStream()
    stream.feed(START.encode())
    for _ in range(3 * LIMIT // 4096):
        assert stream.feed(b"\x1b[31m " * 682) == []
    (part,) = stream.feed(END.encode())
    assert isinstance(part, Pasted) and LIMIT // 2 < len(part.text) <= LIMIT


def test_an_end_marker_within_the_text_ends_the_paste() -> None:
    assert read(paste(f"one{END}two")) == [Pasted("one"), "two" + END]
