"""A process beside the watch: started again when it ends, ever later, and quietly when another one does its work."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time

import pytest

from supporttui.errors import Refused
from supporttui.watch import companion
from supporttui.watch.companion import LATEST, STAYED, Companion, is_beside, stay_beside


class Process:
    """Stands for a process.  code: how it ended, None while it runs."""

    def __init__(self, command: list[str], **_more: object) -> None:
        self.command = command
        self.code: int | None = None
        self.asked = 0

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.asked += 1
        self.code = 0

    def wait(self, _seconds: float = 0) -> int | None:
        return self.code


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    made: list[Process] = []

    def start(command: list[str], **more: object) -> Process:
        made.append(Process(command, **more))
        return made[-1]

    monkeypatch.setattr(companion.subprocess, "Popen", start)
    return made


def starts(one: Companion, clock: Time, started: list[Process], seconds: int, code: int) -> list[float]:
    """After how many seconds it was started each time, when it ends at once each time."""
    begun, at = [], clock.now
    for _ in range(seconds):
        before = len(started)
        one.tend()
        if len(started) > before:
            begun.append(clock.now - at)
            started[-1].code = code
        clock.now += 1
    return begun


def test_it_runs_with_our_process_as_the_one_it_goes_with(started: list[Process]) -> None:
    Companion(["intake", "imap", "--quiet"]).tend()
    words = started[0].command
    assert words[-5:] == ["intake", "imap", "--quiet", "--beside", str(os.getpid())]


def test_what_ends_at_once_is_started_ever_later(started: list[Process]) -> None:
    clock = Time()
    begun = starts(Companion(["intake", "imap"], clock), clock, started, 300, 70)
    gaps = [after - before for before, after in itertools.pairwise(begun)]
    assert gaps[:6] == [1, 1, 2, 4, 8, 16] and gaps[-1] == LATEST


def test_what_stayed_is_started_again_at_once(started: list[Process]) -> None:
    clock = Time()
    one = Companion(["intake", "imap"], clock)
    starts(one, clock, started, 40, 70)
    started[-1].code = None
    clock.now += STAYED
    assert one.tend() == ""
    count = len(started)
    started[-1].code = -9
    assert "exit code -9" in one.tend() and len(started) == count + 1


def test_where_another_one_does_it_nothing_is_said_and_it_is_tried_now_and_then(
    started: list[Process],
) -> None:
    clock = Time()
    one = Companion(["intake", "serve"], clock)
    one.tend()
    said = set()
    for _ in range(200):
        started[-1].code = Refused.exit_code
        said.add(one.tend())
        clock.now += 1
    assert said == {""} and len(started) == 1 + 200 // LATEST


def test_the_end_of_the_watch_is_its_end(started: list[Process]) -> None:
    one = Companion(["intake", "imap"])
    one.tend()
    one.end()
    one.end()
    assert started[0].asked == 1


def test_who_was_started_by_somebody_that_is_gone_does_not_begin() -> None:
    with pytest.raises(Refused):
        stay_beside(os.getpid())
    assert is_beside(0) and is_beside(os.getppid()) and not is_beside(os.getpid())


def test_it_ends_when_the_one_that_started_it_is_killed() -> None:
    child = (
        "import os, time\nfrom supporttui.watch.companion import stay_beside\n"
        "stay_beside(os.getppid())\nprint(os.getpid(), flush=True)\ntime.sleep(60)"
    )
    parent = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return
        except OSError:
            return
        time.sleep(0.02)
    pytest.fail("it is still there")
