"""A dropped line ends the program within the grace, also when its main thread is stuck."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from tests.wire.driver import Terminal

PROGRAM = """
import os, signal, subprocess, sys, threading, time
from supporttui.terminal.signals import DropGuard
mode, note = sys.argv[1], sys.argv[2]
over = threading.Event()
def say(line):
    with open(note, "a") as file: file.write(line + "\\n")
def on_drop(reason):
    say("drop: " + reason)
    if mode == "raises": raise RuntimeError(reason)
    over.set()
guard = DropGuard(on_drop, last_words=lambda: say("last words"), grace=0.3)
with guard:
    if mode == "child":
        with guard.children_hear():
            child = subprocess.Popen(["sleep", "60"])
        child.terminate(); say(f"child: {child.wait()}")
    print("ready", flush=True)
    if mode in ("stuck", "raises"): time.sleep(60)
    over.wait()
    say("clean end")
say("status %d" % guard.exit_status)
print("nobody reads this, and it must not change the exit status", end="")
sys.exit(guard.exit_status)
"""


def run(mode: str, note: object) -> Terminal:
    term = Terminal([sys.executable, "-c", PROGRAM, mode, str(note)])
    term.wait_for("ready")
    return term


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGTERM, "asked to end"), (signal.SIGHUP, "the line dropped")]
)
def test_a_signal_ends_the_program_in_good_order(tmp_path, number: int, reason: str) -> None:
    note = tmp_path / "note"
    with run("good", note) as term:
        os.kill(term.pid, number)
        assert term.wait_exit() == 128 + number
    assert note.read_text().splitlines() == [f"drop: {reason}", "clean end", f"status {128 + number}"]


def test_a_dropped_line_is_told_once_though_signal_and_poll_both_see_it(tmp_path) -> None:
    note = tmp_path / "note"
    with run("good", note) as term:
        term.hang_up()
        assert term.wait_exit() == 129
    assert note.read_text().splitlines() == ["drop: the line dropped", "clean end", "status 129"]


@pytest.mark.parametrize("mode", ["stuck", "raises"])
def test_a_stuck_program_is_ended_after_the_grace_and_its_last_words(tmp_path, mode: str) -> None:
    note = tmp_path / "note"
    with run(mode, note) as term:
        start = time.monotonic()
        os.kill(term.pid, signal.SIGTERM)
        assert term.wait_exit(timeout=10) == 143
        assert time.monotonic() - start >= 0.25
    assert note.read_text().splitlines() == ["drop: asked to end", "last words"]


def test_children_still_hear_signals(tmp_path) -> None:
    note = tmp_path / "note"
    with run("child", note) as term:
        os.kill(term.pid, signal.SIGTERM)
        assert term.wait_exit() == 143
    assert note.read_text().splitlines()[0] == f"child: {-signal.SIGTERM}"


def test_a_guard_that_saw_nothing_leaves_no_trace() -> None:
    program = (
        "import signal, threading\n"
        "from supporttui.terminal.signals import DropGuard\n"
        "before = signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGTERM)\n"
        "guard = DropGuard(print)\n"
        "with guard: pass\n"
        "guard.stop()\n"
        "after = signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGTERM)\n"
        "print(before == after, threading.active_count(), repr(guard.reason))"
    )
    with Terminal([sys.executable, "-c", program]) as term:
        assert term.wait_exit() == 0
        assert term.line(0) == "True 1 ''"
