"""What is believed about the terminal, and what is thrown out of the environment."""

from __future__ import annotations

import subprocess
import sys

import pytest

from supporttui.terminal.abilities import (
    NO_COLOURS,
    SIXTEEN,
    TRUE_COLOUR,
    TWO_HUNDRED_FIFTY_SIX,
    clear_hazards,
    detect,
    unfit,
)
from tests.wire.driver import ROOT, base_environment

UTF8 = {"LANG": "en_US.UTF-8"}


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color"}, TWO_HUNDRED_FIFTY_SIX),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE_COLOUR),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, TRUE_COLOUR),
        ({"TERM": "xterm-kitty"}, TRUE_COLOUR),
        ({"TERM": "xterm-direct"}, TRUE_COLOUR),
        ({"TERM": "xterm"}, SIXTEEN),
        ({"TERM": "linux"}, SIXTEEN),
        ({"TERM": "screen"}, SIXTEEN),
        ({"TERM": "vt100"}, NO_COLOURS),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, NO_COLOURS),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, NO_COLOURS),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, TWO_HUNDRED_FIFTY_SIX),
        ({}, NO_COLOURS),
    ],
)
def test_colours(environ: dict[str, str], colours: int) -> None:
    assert detect(environ).colours == colours


@pytest.mark.parametrize(
    ("environ", "utf8"),
    [
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.utf8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "C"}, False),
        ({}, False),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "POSIX"}, False),
        ({"LC_CTYPE": "UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, True),
    ],
)
def test_utf8(environ: dict[str, str], utf8: bool) -> None:
    found = detect({"TERM": "xterm", **environ})
    assert found.utf8 is utf8
    assert found.glyphs == ("unicode" if utf8 else "ascii")


def test_the_linux_console_reads_utf8_but_lacks_the_signs() -> None:
    found = detect({"TERM": "linux", **UTF8})
    assert found.utf8
    assert found.glyphs == "ascii"


@pytest.mark.parametrize(
    ("changes", "utf8"),
    [
        ({"LANG": "C"}, "False"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "True"),
        ({"LANG": "xx_XX.ISO-8859-1"}, "False"),
        ({"LANG": "xx_XX.UTF-8"}, "True"),
    ],
)
def test_pythons_own_change_of_the_locale_is_not_believed(changes: dict[str, str], utf8: str) -> None:
    program = "from supporttui.terminal.abilities import detect; print(detect().utf8)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=base_environment(**changes),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == utf8


def test_tmux_and_ssh() -> None:
    assert detect({"TERM": "xterm", "TMUX": "/tmp/x,1,0"}).tmux
    assert detect({"TERM": "tmux-256color"}).tmux
    assert not detect({"TERM": "screen-256color"}).tmux
    assert detect({"SSH_CONNECTION": "a b c d"}).ssh
    assert not detect({}).ssh


@pytest.mark.parametrize(
    ("term", "stdin", "stdout", "reason"),
    [
        ("xterm", True, True, ""),
        ("dumb", True, True, "TERM=dumb can't move the cursor"),
        ("unknown", True, True, "TERM=unknown"),
        ("", True, True, "TERM is not set"),
        ("xterm", False, True, "standard input isn't one"),
        ("xterm", True, False, "standard output isn't one"),
    ],
)
def test_unfit_terminals_get_one_line_with_a_way_out(
    term: str, stdin: bool, stdout: bool, reason: str
) -> None:
    line = unfit({"TERM": term} if term else {}, stdin_is_tty=stdin, stdout_is_tty=stdout)
    assert reason in line
    assert bool(line) is bool(reason)
    assert "\n" not in line
    assert not line or "supporttui list" in line


def test_hazards_are_removed_and_the_rest_stays() -> None:
    environ = {
        "PATH": "/bin", "TERM": "xterm", "TEXTUAL": "devtools", "TEXTUAL_DRIVER": "os:system", "TEXTUAL_LOG": "/etc/x",
        "TEXTUAL_PRESS": "q", "TEXTUAL_SCREENSHOT": "1", "COLUMNS": "9", "LINES": "9", "BROWSER": "sh -c x %s",
        "XDG_DOWNLOAD_DIR": "/etc", "NO_COLOR": "1",
    }  # fmt: skip
    removed = clear_hazards(environ)
    assert environ == {"PATH": "/bin", "TERM": "xterm", "TEXTUAL_DISABLE_KITTY_KEY": "1"}
    assert "TEXTUAL_DRIVER" in removed and "BROWSER" in removed and "PATH" not in removed


def test_every_variable_that_textual_reads_at_import_is_known() -> None:
    """Fails when a new Textual reads something else: look at it, then add it to the hazards or below."""
    program = (
        "import os, re, pathlib, textual\n"
        "root = pathlib.Path(textual.__file__).parent\n"
        "names = set()\n"
        "for file in root.rglob('*.py'):\n"
        "    text = file.read_text(encoding='utf-8')\n"
        "    names |= set(re.findall(r'''(?:environ(?:\\.get|\\.pop)?[(\\[]|getenv\\(|_get_environ_\\w+\\(\\s*|get_environ\\()"
        "['\"](\\w+)['\"]''', text))\n"
        "print(*sorted(names))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = set(done.stdout.split())
    assert {"TEXTUAL_DRIVER", "TEXTUAL_LOG", "TEXTUAL_PRESS", "NO_COLOR", "COLUMNS"} <= names
    environ = dict.fromkeys(names, "x")
    clear_hazards(environ)
    harmless = {"ESCDELAY", "TEXTUAL_DISABLE_KITTY_KEY", "TERM_PROGRAM", "LC_TERMINAL", "TERM", "COLORTERM"}
    assert set(environ) <= harmless


@pytest.mark.parametrize(
    ("environ", "tmux", "screen", "titles"),
    [
        ({"TERM": "xterm-256color"}, False, False, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/x,1,0"}, True, False, True),
        ({"TERM": "tmux-256color"}, True, False, True),
        ({"TERM": "screen.xterm-256color"}, False, True, True),
        ({"TERM": "xterm", "STY": "1.pts"}, False, True, True),
        ({"TERM": "linux"}, False, False, False),
        ({"TERM": "vt100"}, False, False, False),
    ],
)
def test_what_stands_between_and_whether_it_takes_titles(
    environ: dict[str, str], tmux: bool, screen: bool, titles: bool
) -> None:
    found = detect(environ)
    assert (found.tmux, found.screen, found.titles) == (tmux, screen, titles)
