"""Another program never holds the console up, gets no shell, and hears HUP and TERM."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from supporttui.terminal.child import Child, arguments, environment


def python(code: str, **more: object) -> Child:
    return Child([sys.executable, "-c", code], {"PATH": os.environ["PATH"]}, seconds=20, **more)


def test_it_gets_its_input_and_its_fields(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = f"import sys, os; open({str(out)!r}, 'w').write(sys.stdin.read() + os.environ['FIELD'] + str(sorted(os.environ)))"
    fields = environment({"PATH": os.environ["PATH"], "SECRET": "x"}, FIELD="1042; rm -rf $HOME")
    assert Child([sys.executable, "-c", code], fields, seconds=20).run(b"in ") == ""
    text = out.read_text()
    assert text.startswith("in 1042; rm -rf $HOME") and "SECRET" not in text


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    argv = arguments(f"touch '{tmp_path}/a b' $HOME;ls '*'")
    assert argv == ["touch", f"{tmp_path}/a b", "$HOME;ls", "*"]


@pytest.mark.parametrize("text", ["play 'it", "''"])
def test_arguments_that_can_not_be_read(text: str) -> None:
    with pytest.raises(ValueError):
        arguments(text)


@pytest.mark.parametrize(
    ("child", "said"),
    [
        (Child(["/no/such/bell"], {}, seconds=5), "bell: No such file or directory"),
        (Child(["/"], {}, seconds=5), "Permission denied"),
        (python("raise SystemExit(3)"), "ended with status 3"),
        (python("import os; os.kill(os.getpid(), 9)"), "ended by signal 9"),
    ],
)
def test_what_goes_wrong_is_one_line(child: Child, said: str) -> None:
    wrong = child.run()
    assert said in wrong and "\n" not in wrong


def test_one_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import os, subprocess, sys, time;"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(note)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    child = Child([sys.executable, "-c", code], {}, seconds=1.5)
    began = time.monotonic()
    assert "took longer than 1.5 s" in child.run()
    assert time.monotonic() - began < 15
    assert _gone(int(note.read_text()))


def test_it_can_be_ended_from_another_thread() -> None:
    child = python("import time; time.sleep(60)")
    threading.Timer(0.3, child.kill).start()
    began = time.monotonic()
    assert child.run() == ""
    assert time.monotonic() - began < 15


def test_it_hears_the_signals_that_the_console_has_blocked(tmp_path: Path) -> None:
    out = tmp_path / "mask"
    code = f"import signal; open({str(out)!r}, 'w').write(str([int(n) for n in signal.pthread_sigmask(signal.SIG_BLOCK, [])]))"
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP, signal.SIGTERM])
    try:
        assert python(code).run() == ""
        still = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert out.read_text() == "[]"
    assert {signal.SIGHUP, signal.SIGTERM} <= still


def _gone(pid: int) -> bool:
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
