"""What is shown of a file obeys nobody, whatever is in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supporttui.desk.excerpts import MOST_LINE, MOST_LINES, excerpt, first_lines
from supporttui.store.blobs import Blobs


@given(st.binary(max_size=300), st.integers(1, 20), st.integers(1, 60))
def test_nothing_that_a_terminal_obeys_is_left(content, lines, width):
    found = excerpt(content, len(content), lines=lines, width=width)
    assert len(found.lines) <= lines
    assert all(line.isprintable() for line in found.lines)
    assert 0 <= found.shown <= found.size


@given(st.text(max_size=200))
def test_text_in_any_script_is_shown_as_text_without_marks(text):
    assert all(line.isprintable() for line in excerpt(text.encode("utf-8", "replace"), 1).lines)


def test_escapes_are_written_out():
    found = excerpt(b"a\x1b]0;title\x07\r\nb \xe2\x80\xae c\n", 30)
    assert found.lines == ("a\\x1b]0;title\\x07", "b \\u202e c")


def test_other_encodings_are_told_by_their_mark_or_written_as_numbers():
    assert excerpt("größer\n".encode("utf-16"), 16).lines == ("größer",)
    assert excerpt("größer als bisher, und länger auch noch\n".encode("latin-1"), 40).lines == (
        "gr\\xf6\\xdfer als bisher, und l\\xe4nger auch noch",
    )
    dump = excerpt(b"\x7fELF\x02\x01\x01\x00" * 3, 24)
    assert not dump.text
    assert dump.lines[0].startswith("00000000  7f 45 4c 46 02") and dump.lines[0].endswith(".ELF.....ELF....")


def test_so_much_and_no_more():
    long = excerpt(b"x" * 60_000, 60_000)
    assert long.lines == ("x" * MOST_LINE + "…",)
    many = excerpt(b"y\n" * 30_000, 60_000)
    assert len(many.lines) == MOST_LINES and not many.whole and many.shown == 4000
    assert excerpt(b"y\n", 2).whole


def test_a_journal_gets_a_few_lines(tmp_path):
    blobs = Blobs(tmp_path / "files")
    text = blobs.put_bytes(b"".join(b"%d\n" % n for n in range(100)))
    assert first_lines(blobs, text.hash) == "0\n1\n2\n3\n4\n5"
    dump = blobs.put_bytes(bytes(range(256)) * 100)
    assert (
        first_lines(blobs, dump.hash)
        == "00 01 02 03 04 05 06 07  ........\n08 09 0a 0b 0c 0d 0e 0f  ........"
    )
