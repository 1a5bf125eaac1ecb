"""The console in a real terminal: how it begins, how it ends, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import drafts, open_store
from tests.wire.driver import Terminal, base_environment

LEFT_BEHIND = (
    b"\x1b[?1049l",
    b"\x1b[?25h",
    b"\x1b[?2004l",
)  # alternate screen off, cursor on, no bracketed paste


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite3"
    with open_store(path) as opened:
        desk = Desk(opened, "netex", SystemClock(), "mail")
        report(desk, NewTicket(subject="NETEX crashes z/OS", severity=1, channel="phone"))
        report(desk, NewTicket(subject="wrong byte count", severity=4))
    return path


def console(store: Path, *flags: str, columns: int = 80, lines: int = 24, **environ: str | None) -> Terminal:
    environment = base_environment(
        HOME=str(store.parent),
        SUPPORTTUI_STORE=str(store),
        LOGNAME="ana",
        TMPDIR=str(store.parent),
        **environ,
    )
    return Terminal([sys.executable, "-m", "supporttui", *flags], environment, columns=columns, lines=lines)


def kept(store: Path) -> list[tuple[int, str, str]]:
    with open_store(store) as opened, opened.read():
        return [(draft.ticket, draft.kind, draft.body) for draft in drafts.of_actor(opened, "ana")]


def writes_a_reply(term: Terminal) -> None:
    term.wait_for("NETEX crashes")
    term.send("r")
    term.wait_for("PUBLIC")
    term.type("We have your dump")
    term.wait_for("We have your dump")


def test_q_leaves_with_the_terminal_as_it_was(store: Path):
    with console(store) as term:
        term.wait_for("NETEX crashes")
        term.settle()
        term.send("q")
        assert term.wait_exit() == 0
        for sequence in LEFT_BEHIND:
            assert sequence in bytes(term.raw)


def test_the_first_frame_has_the_tickets_in_it(store: Path):
    with console(store) as term:
        term.wait_for("NETEX crashes")
        shown = bytes(term.raw)
        assert shown.count(b"\x1b[2J") == 1
        assert shown.index(b"\x1b[2J") < shown.index(b"Queue") < shown.index(b"NETEX crashes")
        assert shown.count(b"Queue") == 1


def test_a_hang_up_while_writing_keeps_the_text_as_a_draft(store: Path):
    with console(store) as term:
        writes_a_reply(term)
        term.hang_up()
        term.wait_exit()
    assert kept(store) == [(1, "reply", "We have your dump")]


def test_a_request_to_end_keeps_the_text_and_restores_the_terminal(store: Path):
    with console(store) as term:
        writes_a_reply(term)
        os.kill(term.pid, signal.SIGTERM)
        assert term.wait_exit() == 128 + signal.SIGTERM
        for sequence in LEFT_BEHIND:
            assert sequence in bytes(term.raw)
    assert kept(store) == [(1, "reply", "We have your dump")]


def test_the_next_start_tells_of_the_draft_and_goes_on_with_it(store: Path):
    with console(store) as term:
        writes_a_reply(term)
        os.kill(term.pid, signal.SIGTERM)
        term.wait_exit()
    with console(store) as term:
        term.wait_for("unsent drafts: 1")
        term.send("r")
        term.wait_for("We have your dump")


def test_a_fault_leaves_a_crash_file_without_a_word_of_a_ticket(store: Path, tmp_path: Path):
    faulty = (
        "import supporttui.console.actions.table as table\n"
        "async def fault(work): subject = 'NETEX crashes z/OS'; raise ValueError(subject)\n"
        "found = table.action\n"
        "table.action = lambda verb: fault if verb == 'severity' else found(verb)\n"
        "import sys; from supporttui.cli.entry import run; sys.exit(run([]))\n"
    )
    environment = base_environment(
        HOME=str(tmp_path), SUPPORTTUI_STORE=str(store), LOGNAME="ana", TMPDIR=str(tmp_path)
    )
    with Terminal([sys.executable, "-c", faulty], environment) as term:
        term.wait_for("NETEX crashes")
        term.settle()
        mark = term.mark()
        term.send("x")
        assert term.wait_exit() == 70
        said = term.raw_since(mark)
    assert b"a fault in the console, ValueError" in said
    assert b"Traceback" not in said
    (file,) = tmp_path.glob("supporttui-crash-*.txt")
    assert "ValueError" in file.read_text() and "in fault" in file.read_text()
    assert "z/OS" not in file.read_text().replace("subject = 'NETEX crashes z/OS'", "")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("term_name", ["linux", "xterm", "screen", "tmux-256color"])
def test_terminals_of_every_kind(store: Path, term_name: str):
    with console(store, TERM=term_name) as term:
        term.wait_for("NETEX crashes")
        term.send("x")
        term.wait_for("Severity of 1")


def test_without_colours_nothing_is_coloured(store: Path):
    with console(store, NO_COLOR="1") as term:
        term.wait_for("NETEX crashes")
        term.settle()
        raw = bytes(term.raw)
    import re

    codes = {
        int(code) for found in re.findall(rb"\x1b\[([\d;]*)m", raw) for code in found.split(b";") if code
    }
    assert not {code for code in codes if 30 <= code <= 37 or 90 <= code <= 97 or code in (38, 48)}, codes
    assert "!!" in term.text or "in " in term.text


def test_a_terminal_without_utf8_gets_ascii(store: Path):
    with console(store, LANG="C", LC_ALL="C") as term:
        term.wait_for("NETEX crashes")
        term.send("i")
        term.wait_for("Note on 1")
        assert bytes(term.raw).isascii()


def test_a_dumb_terminal_is_refused_in_one_line(store: Path):
    with console(store, TERM="dumb") as term:
        assert term.wait_exit() == 64
        assert "can't run here" in term.text


def test_a_resize_under_the_smallest_says_so(store: Path):
    with console(store) as term:
        term.wait_for("NETEX crashes")
        term.resize(50, 10)
        term.wait_for("too small")
        term.resize(80, 24)
        term.wait_for("NETEX crashes")


def test_after_a_stop_from_outside_the_screen_comes_back(store: Path):
    with console(store) as term:
        term.wait_for("NETEX crashes")
        term.settle()
        os.kill(term.pid, signal.SIGTSTP)
        term.settle(300)
        mark = term.mark()
        os.kill(term.pid, signal.SIGCONT)
        term.wait_bytes(b"NETEX crashes", since=mark)
        term.send("j")
        term.wait_for("2 of 2")
