"""`supporttui watch` as a service manager and an administrator meet it: real processes, signals, sockets, sinks."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text
from supporttui.store import notices, open_store
from tests.wire.sinks import Program

PATIENCE = 20.0

# The program with one thing in it changed, so that a test need not wait for it.
CHANGED = "{change}\nimport sys\nfrom supporttui.cli.entry import run\nsys.exit(run(sys.argv[1:]))"
LATER = """
from datetime import timedelta
from supporttui.clock import SystemClock
now = SystemClock.now
SystemClock.now = lambda self: now(self) + timedelta(seconds=30)
"""
LAST_WORDS = """
from supporttui.watch.channels import helper
helper.AT_THE_END = 1.0
"""


def program(change: str = "") -> list[str]:
    """argv of the program as it is installed, or with a change."""
    return [sys.executable, *(("-c", CHANGED.format(change=change)) if change else ("-m", "supporttui"))]


class Site:
    """A desk with its files: store, policy, channels, roster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store, self.policy, self.channels = (folder / name for name in ("d.sqlite3", "p.toml", "c.toml"))
        self.program = Program(folder)
        self.write_policy()
        self.channels.write_text(f'[[command]]\nname = "pager"\nargv = ["{self.program.path}"]\n')
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "LOGNAME": "ana",
            "SUPPORTTUI_STORE": str(self.store), "SUPPORTTUI_POLICY": str(self.policy),
            "SUPPORTTUI_CHANNELS": str(self.channels),
        }  # fmt: skip

    def write_policy(self, first: str = "8 hours") -> None:
        text = preset_text("netex").replace(
            'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["command:pager"]'
        )
        self.policy.write_text(text.replace('after = "8 hours"', f'after = "{first}"'))

    def report(self, ago: timedelta) -> int:
        with open_store(self.store) as store:
            desk = Desk(store, str(self.policy), SystemClock(), "mail")
            now = datetime.now(UTC).replace(microsecond=0)
            return report(desk, NewTicket(subject="down", severity=1, reported_at=now - ago)).number

    def run(self, *words: str, change: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program(change), *words], env=self.environment, cwd=self.folder,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def watch(self, *words: str, change: str = "", **environment: str) -> Watcher:
        return Watcher([*program(change), "watch", "--json", *words],
                       {**self.environment, **environment}, self.folder)  # fmt: skip


class Watcher:
    """A running watcher whose log is read record by record."""

    def __init__(self, argv: list[str], environment: dict[str, str], folder: Path) -> None:
        self.process = subprocess.Popen(argv, env=environment, cwd=folder, stdout=subprocess.PIPE)
        self.log: list[dict[str, object]] = []
        self._rest = b""

    def says(self, event: str, **values: object) -> dict[str, object]:
        """Wait for a record; fails with what was said instead."""
        assert self.process.stdout is not None
        limit, seen = time.monotonic() + PATIENCE, 0
        while time.monotonic() < limit:
            for record in self.log[seen:]:
                if record["event"] == event and values.items() <= record.items():
                    return record
            seen = len(self.log)
            if select.select([self.process.stdout], [], [], 0.5)[0]:
                self._rest += os.read(self.process.stdout.fileno(), 65536)
                *lines, self._rest = self._rest.split(b"\n")
                self.log += [json.loads(line) for line in lines]
        raise AssertionError(f"{event} {values} was not said; said was {self.log}")

    def ends(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "site"
    folder.mkdir(mode=0o700)
    return Site(folder)


@pytest.fixture
def watching(site: Site) -> Iterator[Watcher]:
    watcher = site.watch()
    yield watcher
    watcher.process.kill()
    watcher.process.wait()


def test_it_fires_tells_and_ends_in_order(site: Site, watching: Watcher) -> None:
    watching.says("watching")
    assert site.run("watch", "--check").returncode == 0
    number = site.report(timedelta(hours=8, seconds=5))
    watching.says("fired", ticket=number, role="director")
    watching.says("sent", ticket=number, address="command:pager")
    assert [told["SUPPORTTUI_NUMBER"] for told in site.program.told] == [str(number)]
    assert watching.ends() == 0
    done = site.run("watch", "--check")
    assert (done.returncode, done.stdout) == (2, "supporttui CRITICAL: no watcher runs\n")


def test_a_reload_says_what_moves_and_a_broken_file_leaves_the_old_one(site: Site, watching: Watcher) -> None:
    number = site.report(timedelta(hours=1))
    watching.says("watching")
    site.policy.write_text("name = ")
    watching.process.send_signal(signal.SIGHUP)
    assert "not TOML" in str(watching.says("not reloaded")["why"])
    site.write_policy("30 minutes")
    watching.process.send_signal(signal.SIGHUP)
    watching.says("reloaded", moved=1)
    watching.says("fired", ticket=number)
    assert watching.ends() == 0


def test_a_service_manager_hears_when_it_is_ready_lives_and_stops(site: Site) -> None:
    path = site.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(path))
        heard.settimeout(PATIENCE)
        watcher = site.watch(NOTIFY_SOCKET=str(path))
        try:
            assert heard.recv(4096) == b"READY=1\nWATCHDOG=1"
            assert heard.recv(4096) == b"WATCHDOG=1"
            watcher.process.send_signal(signal.SIGHUP)
            said = [heard.recv(4096) for _ in range(3)]
            assert b"RELOADING=1" in said and b"READY=1" in said
            assert watcher.ends() == 0
            rest = []
            heard.settimeout(0.2)
            try:
                while True:
                    rest.append(heard.recv(4096))
            except TimeoutError:
                pass
            assert rest[-1] == b"STOPPING=1"
        finally:
            watcher.process.kill()
            watcher.process.wait()


def test_a_stopped_watcher_is_an_alarm_half_a_minute_later(site: Site, watching: Watcher) -> None:
    watching.says("watching")
    watching.process.send_signal(signal.SIGSTOP)
    done = site.run("watch", "--check", change=LATER)
    assert done.returncode == 2
    assert "is silent since" in done.stdout


@pytest.mark.slow
def test_a_stopped_watcher_is_an_alarm_within_half_a_minute(site: Site, watching: Watcher) -> None:
    watching.says("watching")
    watching.process.send_signal(signal.SIGSTOP)
    limit = time.monotonic() + 30
    done = site.run("watch", "--check")
    while done.returncode == 0 and time.monotonic() < limit:
        done = site.run("watch", "--check")
    assert done.returncode == 2
    assert "is silent since" in done.stdout


def test_once_is_for_cron(site: Site) -> None:
    number = site.report(timedelta(hours=9))
    done = site.run("watch", "--once")
    assert done.returncode == 0
    assert f"fired: ticket {number}" in done.stdout and "sent" in done.stdout
    assert site.run("watch", "--once").stdout == ""
    assert len(site.program.told) == 1


def test_what_nobody_takes_is_seen_and_can_be_tried_again(site: Site) -> None:
    site.report(timedelta(hours=9))
    site.program.does("echo wrong number >&2; exit 65")
    site.run("watch", "--once")
    listed = site.run("notices", "--dead").stdout
    assert "wrong number" in listed
    site.program.order.unlink()
    with open_store(site.store) as store:
        (dead,) = notices.dead(store)
    assert site.run("notices", "--retry", str(dead.id)).returncode == 0
    site.run("watch", "--once")
    assert len(site.program.told) == 1


def test_restricted_mode_sends_nothing(site: Site) -> None:
    done = site.run("--restricted", "watch", "--once")
    assert done.returncode == 77 and "restricted mode" in done.stderr


def test_a_channels_file_with_a_fault_is_one_line(site: Site) -> None:
    site.channels.write_text('[[webhook]]\nname = "x"\nurl = "http://a"\n')
    done = site.run("watch", "--once")
    assert done.returncode == 78
    assert (
        done.stderr
        == "supporttui: c.toml: webhook[0].url: write an https address without user and password\n"
    )


def test_a_fault_in_the_intake_file_keeps_no_deadline_from_being_watched(site: Site) -> None:
    file = site.folder / "intake.toml"
    file.write_text("[mail]\nadresses = []\n")
    site.environment["SUPPORTTUI_INTAKE"] = str(file)
    number = site.report(timedelta(hours=8, seconds=5))
    watcher = site.watch()
    try:
        watcher.says("fired", ticket=number)
        assert "did you mean 'addresses'" in str(watcher.says("trouble")["why"])
        file.write_text("[mail]\naddresses = []\n")
        watcher.process.send_signal(signal.SIGHUP)
        watcher.says("reloaded")
        assert watcher.ends() == 0
    finally:
        watcher.process.kill()
        watcher.process.wait()


@pytest.mark.parametrize("change", [LAST_WORDS, pytest.param("", marks=pytest.mark.slow)], ids=["1", "10"])
def test_a_watcher_that_is_asked_to_end_over_a_delivery_ends_and_the_next_one_says_maybe(
    site: Site, change: str
) -> None:
    number = site.report(timedelta(hours=9))
    begun = site.folder / "begun"
    site.program.does(f'touch "{begun}"; sleep 600')
    site.channels.write_text(site.channels.read_text() + "timeout = 100\n")
    watcher = site.watch(change=change)
    try:
        limit = time.monotonic() + PATIENCE
        while not begun.exists():
            assert time.monotonic() < limit
        assert site.run("watch", "--check").returncode == 0, "it lives while it delivers"
        assert watcher.ends() == 0
    finally:
        watcher.process.kill()
        watcher.process.wait()
    site.program.order.unlink()
    assert site.run("watch", "--once").returncode == 0
    (told,) = site.program.told
    assert (told["SUPPORTTUI_NUMBER"], told["SUPPORTTUI_DOUBTFUL"]) == (str(number), "1")


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", ">&-", "| true", "> /dev/full"])
def test_a_watch_without_anybody_at_its_streams_does_its_work(site: Site, closed: str) -> None:
    number = site.report(timedelta(hours=9))
    line = f"'{sys.executable}' -m supporttui watch --once {closed}"
    subprocess.run(["sh", "-c", line], env=site.environment, cwd=site.folder, timeout=60, check=False)
    assert [told["SUPPORTTUI_NUMBER"] for told in site.program.told] == [str(number)]


def test_a_store_that_is_taken_away_or_cannot_be_written_is_one_line(site: Site) -> None:
    site.report(timedelta(hours=9))
    site.store.write_bytes(b"no database" * 1000)
    done = site.run("watch", "--once")
    assert done.returncode in (74, 78) and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert site.run("watch", "--check").returncode == 2
