"""The alarm on a real line: what a terminal, tmux and the analyst's program get, and what they get back at the end."""

from __future__ import annotations

import os
import re
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import attention
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from supporttui.terminal import osc
from tests.wire.driver import Terminal, base_environment
from tests.wire.tmux import Tmux

TITLE = osc.title("S1:1 1").encode()
BACK = osc.pop_title().encode()
PUSH = osc.push_title().encode()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A desk with one Severity 1 that nobody has."""
    tmp_path.chmod(0o700)
    path = tmp_path / "desk.sqlite3"
    arrives(path, "NETEX crashes")
    return path


def arrives(path: Path, subject: str) -> int:
    with open_store(path) as opened:
        desk = Desk(opened, "netex", SystemClock(), "mail")
        return report(desk, NewTicket(subject=subject, severity=1, channel="phone")).number


def acknowledged(path: Path, number: int) -> None:
    with open_store(path) as opened:
        clock = SystemClock()
        attention.acknowledge(
            Desk(opened, "netex", clock, "raj"), number, clock.now() + timedelta(minutes=20)
        )


def environment(store: Path, **changes: str | None) -> dict[str, str]:
    return base_environment(
        HOME=str(store.parent),
        SUPPORTTUI_STORE=str(store),
        LOGNAME="ana",
        TMPDIR=str(store.parent),
        **changes,
    )


def console(store: Path, *flags: str, **changes: str | None) -> Terminal:
    argv = [sys.executable, "-m", "supporttui", *flags]
    return Terminal(argv, environment(store, **changes), columns=100, lines=30)


def calm(term: Terminal) -> int:
    term.wait_for("NETEX crashes")
    term.wait_bytes(PUSH + TITLE)
    term.settle(300)
    return term.mark()


def test_a_new_one_rings_and_a_colleague_silences_it(store: Path) -> None:
    with console(store, SUPPORTTUI_ALARM_REPEAT="2") as term:
        mark = calm(term)
        acknowledged(store, 1)
        term.wait_bytes(BACK, mark)
        mark = term.mark()
        number = arrives(store, "another one")
        term.wait_bytes(osc.title(f"S1:1 {number}").encode(), mark)
        term.wait_bytes(osc.notice(f"Severity 1 new: {number}").encode(), mark)
        term.wait_for("another one")
        term.settle(200)
        mark = term.mark()
        term.wait_bytes(b"\a", mark)
        acknowledged(store, number)
        term.wait_bytes(BACK, mark)
        term.send("q")
        assert term.wait_exit() == 0


@pytest.mark.parametrize("end", ["q", "SIGTERM"])
def test_every_end_gives_the_title_back(store: Path, end: str) -> None:
    with console(store) as term:
        mark = calm(term)
        assert BACK not in term.raw_since(0)
        if end == "q":
            term.send("q")
        else:
            os.kill(term.pid, getattr(signal, end))
        term.wait_exit()
        assert term.raw_since(mark).count(BACK) == 1
        assert term.raw_since(mark).index(BACK) < term.raw_since(mark).index(b"\x1b[?1049l")


def test_a_fault_gives_the_title_back(store: Path) -> None:
    faulty = (
        "import supporttui.console.actions.change as change\n"
        "async def fault(work): raise ValueError\n"
        "change.severity = fault\n"
        "import sys; from supporttui.cli.entry import run; sys.exit(run([]))\n"
    )
    with Terminal([sys.executable, "-c", faulty], environment(store), columns=100, lines=30) as term:
        mark = calm(term)
        term.send("x")
        assert term.wait_exit() == 70
        assert BACK in term.raw_since(mark)


def test_a_stop_from_outside_gives_it_back_and_takes_it_again(store: Path) -> None:
    with console(store) as term:
        mark = calm(term)
        os.kill(term.pid, signal.SIGTSTP)
        term.wait_bytes(BACK, mark)
        mark = term.mark()
        os.kill(term.pid, signal.SIGCONT)
        term.wait_bytes(PUSH + TITLE, mark)


@pytest.mark.slow
def test_a_hang_up_ends_it_in_time(store: Path) -> None:
    with console(store) as term:
        calm(term)
        term.hang_up()
        term.wait_exit(5)


def test_a_linux_console_gets_the_bell_and_no_sequence_as_text(store: Path) -> None:
    with console(store, TERM="linux", SUPPORTTUI_ALARM_REPEAT="1") as term:
        term.wait_for("NETEX crashes")
        term.wait_bytes(b"\a")
        term.settle(200)
        number = arrives(store, "another one")
        term.wait_for("another one")
        term.wait_for(str(number))
        assert b"\x1b]" not in term.raw_since(0) and BACK not in term.raw_since(0)


@pytest.mark.slow
def test_screen_is_asked_to_pass_it_on(store: Path) -> None:
    with console(store, TERM="screen", STY="1.pts") as term:
        term.wait_for("NETEX crashes")
        term.wait_bytes(b"\x1bP\x1b]2;S1:1 1\a\x1b\\")
        assert b"\x1b]" not in term.raw_since(0).replace(b"\x1bP\x1b]", b"")


def test_the_programs_fields_and_end(store: Path, tmp_path: Path) -> None:
    note = tmp_path / "note"
    code = f"import os; open({str(note)!r}, 'a').write(os.environ['SUPPORTTUI_ALARM_TICKETS'] + ';')"
    hook = f'{sys.executable} -c "{code}"'
    with console(store, SUPPORTTUI_ALARM_HOOK=hook) as term:
        calm(term)
        number = arrives(store, "another one")
        term.wait_for(lambda _term: note.exists() and note.read_text() == f"{number};")
        term.send("q")
        assert term.wait_exit() == 0


def test_restricted_mode_starts_no_program(store: Path, tmp_path: Path) -> None:
    note = tmp_path / "note"
    with console(store, "--restricted", SUPPORTTUI_ALARM_HOOK=f"touch {note}") as term:
        calm(term)
        arrives(store, "another one")
        term.wait_bytes(b"Severity 1 new")
        term.settle(300)
        assert not note.exists()


def test_quiet_hours_never_keep_a_severity_1_from_ringing(store: Path) -> None:
    with console(store, SUPPORTTUI_QUIET_HOURS="00:00-12:00 sev 1-4; 12:00-24:00 sev 1-4") as term:
        calm(term)
        term.wait_for("Severity 1 rings all the same")
        arrives(store, "another one")
        term.wait_bytes(b"Severity 1 new")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SUPPORTTUI_QUIET_HOURS", "at night", "'at night' is no span of quiet hours"),
        ("SUPPORTTUI_ALARM", "loud", "'loud' is no severity"),
        ("SUPPORTTUI_ALARM_HOOK", "play 'it", "no closing quotation"),
    ],
)
def test_a_setting_that_can_not_be_read_is_one_line(
    store: Path, variable: str, value: str, said: str
) -> None:
    with console(store, **{variable: value}) as term:
        assert term.wait_exit() == 64
        assert variable in term.text and said in term.text


@pytest.mark.skipif(not Tmux.available(), reason="no tmux")
def test_inside_tmux_the_panes_title_tells_and_comes_back(store: Path) -> None:
    program = "import os, sys; os.execvp(sys.executable, [sys.executable, '-m', 'supporttui'])"
    script = f"printf '\\033]2;before\\033\\\\'; {sys.executable} -c \"{program}\"; exec sleep 60"
    with Tmux(["sh", "-c", script], environment(store), columns=100, lines=30) as tmux:
        tmux.wait_for("NETEX crashes")
        tmux.wait_for(lambda _shown: tmux.title() == "S1:1 1")
        tmux.send("q")
        tmux.wait_for(lambda _shown: tmux.title() == "before")


@pytest.mark.skipif(not Tmux.available(), reason="no tmux")
def test_inside_tmux_copying_fills_its_buffer(store: Path) -> None:
    with Tmux([sys.executable, "-m", "supporttui"], environment(store), columns=100, lines=30) as tmux:
        tmux.wait_for("NETEX crashes")
        tmux.settle()
        tmux.send("y")
        tmux.wait_for("Copy from 1")
        tmux.send("s")
        tmux.wait_for("sent to the terminal")
        assert tmux.buffer() == "NETEX crashes"


def test_an_editor_gets_the_title_that_was_there(store: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!{sys.executable}\nprint('EDITING', flush=True)\ninput()\n")
    editor.chmod(0o700)
    with console(store, EDITOR=str(editor), VISUAL=str(editor)) as term:
        mark = calm(term)
        term.send("i")
        term.wait_for("Note on 1")
        term.settle(100)
        term.send("ctrl+e")
        term.wait_bytes(b"EDITING", mark)
        assert BACK in term.raw_since(mark).partition(b"EDITING")[0]
        mark = term.mark()
        arrives(store, "another one")
        term.send("enter")
        term.wait_bytes(PUSH, mark)
        term.wait_bytes(b"S1:2 1 2", mark)


def test_a_repetition_is_one_byte(store: Path) -> None:
    with console(store, SUPPORTTUI_ALARM_REPEAT="1") as term:
        calm_enough = re.compile(rb"\a{3,}\Z")
        term.wait_for("NETEX crashes")
        term.wait_bytes(PUSH + TITLE)
        for _ in range(3):  # a minute that ends meanwhile repaints the top line
            mark = term.mark()
            term.wait_for(lambda shown, mark=mark: shown.raw_since(mark).count(b"\a") >= 3)
            if calm_enough.fullmatch(term.raw_since(mark)):
                break
        assert calm_enough.fullmatch(term.raw_since(mark)), term.raw_since(mark)
