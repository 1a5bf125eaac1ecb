"""Standard output and error stay inert, on a terminal and redirected."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from supporttui.terminal.stream import InertWriter, print_inert
from tests.wire.driver import ROOT, base_environment
from tests.wire.foreign import foreign_bytes
from tests.wire.hostile import PAYLOADS


class Latin(io.StringIO):
    encoding = "iso-8859-1"  # type: ignore[assignment]


def test_line_breaks_stay_and_controls_become_marks() -> None:
    under = io.StringIO()
    writer = InertWriter(under)
    assert writer.write("one\x1b[2J\ntwo\r\n") == len("one\x1b[2J\ntwo\r\n")
    writer.writelines(["three\x9b", "\n"])
    assert under.getvalue() == "one␛[2J\ntwo\nthree<9B>\n"


def test_colours_are_ours_and_the_text_in_them_is_inert() -> None:
    under = io.StringIO()
    InertWriter(under, colours=True).paint("x\x1b[0m", "1;31")
    assert under.getvalue() == "\x1b[1;31mx␛[0m\x1b[0m"
    plain = io.StringIO()
    InertWriter(plain).paint("x\x1b", "1;31")
    assert plain.getvalue() == "x␛"


@pytest.mark.parametrize("sgr", ["2J", "1m\x1b]0;x\a", "1;3\n", "?"])
def test_colour_code_can_hold_only_numbers(sgr: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        InertWriter(io.StringIO(), colours=True).paint("x", sgr)


def test_a_stream_without_utf8_gets_ascii() -> None:
    under = Latin()
    InertWriter(under).write("Größe \u06db → ␛ \x1b\n")
    assert under.getvalue() == "Grose  > ? ^[\n"


def test_print_inert_to_any_stream() -> None:
    under = io.StringIO()
    print_inert("a\x1b", 7, sep="\t", file=under)
    assert under.getvalue() == "a␛      7\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "iso-8859-1"])
def test_all_payloads_through_the_real_streams(encoding: str) -> None:
    program = (
        "import sys; from supporttui.terminal.stream import inert_stdio; from tests.wire.hostile import PAYLOADS\n"
        "inert_stdio(); inert_stdio()\n"
        "for text in PAYLOADS.values(): print(text); print(text, file=sys.stderr)\n"
        "raise RuntimeError(PAYLOADS['osc-clipboard-write'])"
    )
    environment = base_environment(PYTHONIOENCODING=encoding)
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.count(b"kanarie") >= len(PAYLOADS)
    assert b"RuntimeError: " in done.stderr
    for raw in (done.stdout, done.stderr):
        assert foreign_bytes(raw) == []
        assert b"\x1b" not in raw
