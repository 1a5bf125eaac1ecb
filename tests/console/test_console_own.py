"""Commands of one's own: what they are told, how their output is shown, how they end, and where they are absent."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from supporttui.console.present.output import text_of
from supporttui.console.program import MOST_OUTPUT, Program
from supporttui.verbs.commandfile import Command, with_commands
from tests.console.driver import Console, at_console, sev1

ENVIRON = {"PATH": "/usr/bin:/bin", "MARK": "here"}
HOSTILE = "\x1b]0;owned\x07\x1b[2Jred $(touch owned); `id` \u202eevil"


def python(code: str, **more: Any) -> Command:
    given = {"name": "try-it", "title": "Try it", "key": "f5", **more}
    return Command(argv=(sys.executable, "-c", code), **given)


def at(folder: Path, command: Command, **more: Any) -> Any:
    return at_console(
        folder, [sev1(more.pop("subject", "NETEX crashes"), contact="J. Ortiz")], size=(80, 24), **more
    )


def allows(desk: Console, *commands: Command) -> None:
    desk.app.shift.keymap = with_commands(desk.app.shift.keymap, commands)
    desk.app.own = {one.name: one for one in commands}
    desk.app.environ = ENVIRON


async def until(desk: Console, true: Any) -> None:
    limit = time.monotonic() + 10
    while not true():
        await desk.pilot.pause()
        assert time.monotonic() < limit, desk.screen


async def ends(desk: Console) -> None:
    await until(desk, lambda: desk.app.shift.running is None)
    await desk.settled()


async def runs(desk: Console, key: str = "f5") -> None:
    await desk.pilot.press(key)
    await ends(desk)


async def test_a_command_is_told_of_the_ticket_by_its_environment(tmp_path: Path):
    code = "import os; [print(n, os.environ[n]) for n in sorted(os.environ) if n[:11] == 'SUPPORTTUI_' or n == 'MARK']"
    command = python(code)
    async with at(tmp_path, command) as desk:
        allows(desk, command)
        await runs(desk)
        desk.sees("Try it (1)", "MARK here", "SUPPORTTUI_NUMBER 1", "SUPPORTTUI_SUBJECT NETEX crashes")
        desk.sees("SUPPORTTUI_SEVERITY 1", "SUPPORTTUI_CUSTOMER Acme Corp", "SUPPORTTUI_CONTACT J. Ortiz")
        await desk.press("q")
        desk.sees("Escalation timers")


async def test_hostile_words_reach_it_as_data_and_the_screen_as_marks(tmp_path: Path):
    command = python("import os; print(os.environ['SUPPORTTUI_SUBJECT'])")
    async with at(tmp_path, command, subject=HOSTILE) as desk:
        allows(desk, command)
        await runs(desk)
        desk.sees("touch owned", "`id`")
        assert "\x1b" not in desk.screen and "\u202e" not in desk.screen
        await desk.press("q")
    assert not (Path.cwd() / "owned").exists()


async def test_the_page_is_searched_by_words(tmp_path: Path):
    command = python("for n in range(200): print('row', n)")
    async with at(tmp_path, command) as desk:
        allows(desk, command)
        await runs(desk)
        desk.sees("row 0", "row 21")
        await desk.press("/")
        await desk.type("row 15")
        await desk.press("enter")
        desk.sees("1 of 11", "row 15")
        await desk.press("n")
        desk.sees("2 of 11", "row 150")
        await desk.press("N", "N")
        desk.sees("11 of 11", "row 159")
        await desk.press("g")
        desk.sees("row 0")
        await desk.press("/")
        await desk.type("zzz")
        await desk.press("enter")
        desk.sees("nothing holds")
        await desk.press("/", "escape", "escape")
        desk.sees("Escalation timers")


async def test_what_went_wrong_is_said(tmp_path: Path):
    command = python("import sys; print('no dump here'); sys.exit(3)", output="notice")
    async with at(tmp_path, command) as desk:
        allows(desk, command, Command(name="gone", title="Gone", argv=("no-such-program",), key="f6"))
        await runs(desk)
        desk.said("Try it (1): ended with status 3: no dump here")
        await runs(desk, "f6")
        desk.said("Gone (1): can't be started: No such file or directory")


async def test_one_that_shows_nothing_still_says_what_went_wrong(tmp_path: Path):
    silent = python("print('word')", output="none")
    async with at(tmp_path, silent) as desk:
        allows(desk, silent, python("raise SystemExit(1)", name="bad", key="f6", output="none"))
        before = len(desk.app.shift.said)
        await runs(desk)
        assert len(desk.app.shift.said) == before
        await runs(desk, "f6")
        desk.said("ended with status 1")


async def test_escape_ends_it_and_what_it_started(tmp_path: Path):
    pid = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(pid)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    command = python(code, output="notice")
    async with at(tmp_path, command) as desk:
        allows(desk, command)
        await desk.pilot.press("f5")
        await until(desk, lambda: pid.exists() and pid.read_text())
        assert "Try it runs" in desk.footer and "Esc stops it" in desk.footer
        await desk.pilot.press("j", "escape")
        await ends(desk)
        desk.said("Try it (1): was stopped")
        await until(desk, lambda: _is_gone(int(pid.read_text())))


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_leaving_the_console_ends_what_still_runs(tmp_path: Path):
    pid = tmp_path / "pid"
    command = python(f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    async with at(tmp_path, command) as desk:
        allows(desk, command)
        await desk.pilot.press("f5")
        await until(desk, lambda: pid.exists() and pid.read_text())
        await desk.pilot.press("q")
        await until(desk, lambda: _is_gone(int(pid.read_text())))


async def test_a_command_that_confirms_asks_with_the_safe_answer_in_front(tmp_path: Path):
    ran = tmp_path / "ran"
    command = python(f"open({str(ran)!r}, 'w')", confirm=True, output="none")
    async with at(tmp_path, command) as desk:
        allows(desk, command)
        await desk.press("f5")
        desk.sees("Try it with 1?", "▸ n  No, leave it")
        await desk.press("enter")
        assert not ran.exists()
        await desk.press("f5")
        await runs(desk, "y")
        assert ran.exists()


async def test_commands_are_in_the_menu_the_palette_the_page_of_keys_and_the_line(tmp_path: Path):
    command = python("print('hello there')", output="notice")
    async with at(tmp_path, command) as desk:
        allows(desk, command)
        await desk.press("!")
        desk.sees("Run which command?", "Try it")
        await runs(desk, "1")
        desk.said("hello there")
        for opens in ("p", "?"):
            await desk.press(opens)
            await desk.type("try")
            desk.sees("Try it", "F5")
            await desk.press("escape")
        await desk.press(":")
        await desk.type("try-it")
        before = len(desk.app.shift.said)
        await runs(desk, "enter")
        await until(desk, lambda: len(desk.app.shift.said) > before)
        desk.said("hello there")


async def test_without_commands_the_menu_says_how_there_would_be_some(tmp_path: Path):
    async with at(tmp_path, "") as desk:
        await desk.press("!")
        desk.said("none yet; docs/commands.md shows how to add some")


async def test_in_restricted_mode_there_is_no_menu_of_commands_and_none_is_known(tmp_path: Path):
    async with at(tmp_path, python(""), restricted=True) as desk:
        await desk.press("!")
        desk.sees_not("Run which command?")
        await desk.press(":")
        await desk.type("try-it")
        await desk.press("enter")
        desk.sees("no verb “try-it”")
        await desk.press("escape")


# -- programs -----------------------------------------------------------------------------------


def started(code: str, seconds: float = 10) -> Program:
    return Program([sys.executable, "-c", code], ENVIRON, seconds=seconds)


def test_a_program_that_takes_too_long_is_ended():
    began = time.monotonic()
    ended = started("import time; print('so far', flush=True); time.sleep(30)", 0.7).run()
    assert ended.wrong == "took longer than 0.7 s and was ended" and ended.output == b"so far\n"
    assert time.monotonic() - began < 5


def test_one_that_will_not_end_is_ended_all_the_same():
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(30)"
    began = time.monotonic()
    assert "ended" in started(code, 0.7).run().wrong
    assert time.monotonic() - began < 6


def test_more_output_than_anybody_reads_is_read_and_let_go():
    ended = started("import sys; sys.stdout.write('x' * 3_000_000); print('end')").run()
    assert len(ended.output) == MOST_OUTPUT and ended.cut and ended.status == 0


def test_one_that_leaves_a_child_behind_does_not_hold_us():
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(8)']); print('done')"
    began = time.monotonic()
    ended = started(code).run()
    assert ended.output == b"done\n" and not ended.wrong and time.monotonic() - began < 5


def test_it_has_no_terminal_and_no_input():
    ended = started("import sys, os; print(repr(sys.stdin.read()), os.getsid(0) == os.getpid())").run()
    assert ended.output == b"'' True\n"


def test_a_child_hears_the_signals_that_the_console_blocks():
    import signal

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGTERM})
    try:
        ended = started("import signal; print(len(signal.pthread_sigmask(signal.SIG_BLOCK, ())))").run()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert ended.output == b"0\n"


@pytest.mark.parametrize(
    ("output", "lines"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"one\ntwo\n", ["one", "two"]),
        (b"\x1b[1;31mred\x1b[0m\r\n", ["red"]),
        (b" 10%\r 50%\r100%\n", ["100%"]),
        (b"a\tb", ["a       b"]),
        (b"\xff", ["\ufffd"]),
    ],
)
def test_output_as_lines(output: bytes, lines: list[str]):
    assert text_of(output) == lines


def test_every_other_sequence_is_shown_as_marks():
    (line,) = text_of(b"\x1b]52;c;aGk=\x07 and \x1b[2J\x9b")
    assert line.isprintable() and "and" in line
