"""The console on every kind of terminal and at every size: what may be written there, and what must be seen.

Each run walks over lists, dialogs and pages and then looks at every byte that
was written.  The quick part is one walk for each kind; the long one opens
every verb's dialog on each.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from supporttui.verbs.registry import VERBS
from tests.wire.driver import Terminal, base_environment

SUBJECT = "NETEX crashes z/OS"
SIZES = ((60, 20), (160, 48), (80, 24))
MOUSE = re.compile(rb"\x1b\[\?(?:9|100[0-3]|1005|1006|1015|1016)h")
STYLE = re.compile(rb"\x1b\[([\d;]*)m")
COLOUR = {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108), 38, 48, 58}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Tickets of every severity, one of them overdue."""
    tmp_path.chmod(0o700)
    path = tmp_path / "desk.sqlite3"
    clock = SystemClock()
    with open_store(path) as opened:
        desk = Desk(opened, "netex", clock, "mail")
        for severity, subject, hours in ((1, SUBJECT, 12), (2, "Größe falsch →", 1), (3, "tunnel drops", 1)):
            at = clock.now() - timedelta(hours=hours, minutes=3)
            report(desk, NewTicket(subject=subject, severity=severity, customer="Zürich AG", reported_at=at))
    return path


def console(store: Path, *flags: str, columns: int = 80, lines: int = 24, **changes: str | None) -> Terminal:
    environment = base_environment(
        HOME=str(store.parent),
        SUPPORTTUI_STORE=str(store),
        LOGNAME="ana",
        TMPDIR=str(store.parent),
        **changes,
    )
    argv = [sys.executable, "-m", "supporttui", *flags]
    return Terminal(argv, environment, columns=columns, lines=lines)


def codes(raw: bytes) -> list[list[int]]:
    """The numbers of every change of style."""
    return [[int(one) for one in found.split(b";") if one] for found in STYLE.findall(raw)]


# -- what may be written ----------------------------------------------------------------------------


def sixteen(raw: bytes) -> None:
    assert not [found for found in codes(raw) if {38, 48} & set(found)], "colours that it hasn't"


def many(raw: bytes) -> None:
    assert not re.search(rb"[34]8;2;", raw), "true colours where there are 256"


def none(raw: bytes) -> None:
    assert not [found for found in codes(raw) if COLOUR & set(found)]


def ascii_only(raw: bytes) -> None:
    assert raw.isascii()


def linux(raw: bytes) -> None:
    sixteen(raw)
    assert b"\x1b]" not in raw, "a Linux console prints it"


def anything(raw: bytes) -> None:
    assert b"38;2;" in raw, "a theme of true colours"


KINDS: dict[str, tuple[dict[str, str | None], Callable[[bytes], None]]] = {
    "linux": ({"TERM": "linux"}, linux),
    "xterm": ({"TERM": "xterm", "SUPPORTTUI_THEME": "night"}, sixteen),
    "screen": ({"TERM": "screen"}, sixteen),
    "tmux": ({"TERM": "tmux-256color"}, many),
    "true colour": ({"COLORTERM": "truecolor", "SUPPORTTUI_THEME": "deuteranopia"}, anything),
    "no colour": ({"NO_COLOR": "1", "SUPPORTTUI_THEME": "night"}, none),
    "LANG=C": ({"LANG": "C"}, ascii_only),
    "vt100": ({"TERM": "vt100", "LANG": "C"}, none),
}
LONG = ("xterm", "vt100")


def walk(term: Terminal, keys: str) -> None:
    """Press keys, each once the screen is at rest."""
    for key in keys.split():
        term.send(key)
        term.settle(160 if key == "escape" else 60)


def check(term: Terminal, allowed: Callable[[bytes], None]) -> None:
    raw = term.raw_since(0)
    assert not MOUSE.search(raw), "mouse modes"
    allowed(raw)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow) if kind in LONG else kind for kind in KINDS]
)
def test_a_walk_writes_what_the_terminal_takes(store: Path, kind: str) -> None:
    changes, allowed = KINDS[kind]
    with console(store, **changes) as term:
        term.wait_for(SUBJECT)
        walk(term, "j j pagedown x escape ? escape y escape r escape")
        term.send("1", "g", "enter")
        term.wait_for("System down")
        term.resize(60, 20)
        term.wait_for(lambda shown: fits(shown, 60))
        term.resize(40, 12)
        term.wait_for("too small")
        term.resize(80, 24)
        term.wait_for("System down")
        check(term, allowed)
        term.send("q", "q")
        assert term.wait_exit() == 0
        check(term, allowed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_verb_on_every_kind(store: Path, kind: str) -> None:
    changes, allowed = KINDS[kind]
    with console(store, **changes) as term:
        term.wait_for(SUBJECT)
        for verb in VERBS:
            if verb.keys and verb.id not in ("quit", "suspend", "edit"):
                walk(term, f"{verb.keys[0]} j escape escape 1")
        check(term, allowed)


def test_a_dumb_terminal_is_refused_in_one_line(store: Path) -> None:
    for term_name in ("dumb", ""):
        with console(store, TERM=term_name) as term:
            assert term.wait_exit() == 64
            assert "the console can't run here" in term.text and "Traceback" not in term.text


# -- sizes ------------------------------------------------------------------------------------------


def fits(term: Terminal, columns: int) -> bool:
    """Nothing is wider than the screen, and the lines that are always there are there."""
    shown = term.text.split("\n")
    return len(shown[0]) <= columns and "NetEx" in shown[0] and "too small" not in term.text


def whole(term: Terminal) -> bool:
    """A page over the whole screen has its rule on top, a dialog its box."""
    return term.line(0).startswith("▸─") or boxed(term)


def boxed(term: Terminal) -> bool:
    """A dialog is whole: four corners, and a side at both ends of each of its lines."""
    shown = [line.ljust(term.screen.columns) for line in term.screen.display]
    top = next((at for at, line in enumerate(shown) if "╭" in line), None)
    end = next((at for at, line in reversed(list(enumerate(shown))) if "╰" in line), None)
    if top is None or end is None or end <= top + 1:
        return False
    left, right = shown[top].index("╭"), shown[top].rindex("╮") if "╮" in shown[top] else -1
    if shown[end].find("╰") != left or shown[end].rfind("╯") != right:
        return False
    return all(line[left] == "│" and line[right] == "│" for line in shown[top + 1 : end])


def test_at_60x20_one_sees_what_one_decides_by_and_gets_everywhere(store: Path) -> None:
    with console(store, columns=60, lines=20) as term:
        term.wait_for(SUBJECT)
        for word in ("sv", "due", "no.", "subject", "OVER", "Escalation timers"):
            assert word in term.text, word
        term.send("enter")
        term.wait_for("System down")
        term.send("escape")
        term.wait_for("Escalation timers")
        term.wait_for("Enter open")  # a key takes what was told at the start off the line of keys
        for key, word in (("x", "Severity of"), ("a", "Acknowledge"), ("?", "Keys"), ("y", "Copy from")):
            term.send(key)
            term.wait_for(lambda shown, word=word: word in shown.text and boxed(shown))
            term.send("escape")
            term.wait_gone(word)


@pytest.mark.parametrize(
    "size",
    [
        (40, 12),
        *(pytest.param(size, marks=pytest.mark.slow) for size in ((59, 20), (60, 15), (20, 5), (8, 2))),
    ],
)
def test_below_that_it_says_so_and_comes_back(store: Path, size: tuple[int, int]) -> None:
    with console(store) as term:
        term.wait_for(SUBJECT)
        term.resize(*size)
        term.wait_for("too" if size[0] < 12 else f"too small: {size[0]}x{size[1]}")
        term.send("x")
        term.settle()
        term.resize(80, 24)
        term.wait_for(SUBJECT)
        assert "Severity of" not in term.text, "a key that nobody sees the effect of"


DIALOGS = {  # the keys that open it, a word of its head, what is typed into it
    "severity": ("x", "Severity of 1", ""),
    "keys": ("?", "Keys", "sev"),
    "copy": ("y", "Copy from 1", ""),
    "reply": ("r", "Reply to the customer", "We have your dump"),
    "report": ("n", "Report a problem", "transfers restart"),
    "note": ("i", "Note on 1", "S0C4 again"),
    "acknowledge": ("a", "Acknowledge 1", ""),
    "messages": ("m", "Messages", ""),
    "theme": ("text:theme", "Theme:", ""),
    "alarm": ("text:alarm", "Alarm:", ""),
}
QUICK = ("severity", "reply", "report", "theme")


@pytest.mark.parametrize("quick", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["few", "all"])
def test_a_resize_during_a_dialog_keeps_it_whole_with_its_text(store: Path, quick: bool) -> None:
    with console(store) as term:
        term.wait_for(SUBJECT)
        for name, (key, head, text) in DIALOGS.items():
            if quick and name not in QUICK:
                continue
            if key.startswith("text:"):
                term.send(":")
                term.settle(80)
                term.type(key[5:])
                term.send("enter")
            else:
                term.send(key)
            term.wait_for(head)
            term.settle(100)
            if text:
                term.type(text)
                term.wait_for(text)
            for columns, lines in SIZES:
                term.resize(columns, lines)
                term.wait_for(
                    lambda shown, head=head, text=text: (
                        head in shown.text and text in shown.text and whole(shown)
                    )
                )
            term.send("escape")
            term.wait_gone(head)
            term.settle(100)


def test_a_stop_from_outside_paints_the_dialog_again_with_its_text(store: Path) -> None:
    with console(store) as term:
        term.wait_for(SUBJECT)
        term.settle(100)
        term.send("r")
        term.wait_for("PUBLIC")
        term.type("We have your dump")
        term.wait_for("We have your dump")
        term.settle()
        os.kill(term.pid, signal.SIGTSTP)
        term.settle(300)
        term.screen.reset()
        os.kill(term.pid, signal.SIGCONT)
        term.wait_for(lambda shown: "We have your dump" in shown.text and boxed(shown))
