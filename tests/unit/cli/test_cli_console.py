"""Bare `supporttui` and `--demo`: what the console is given, and what stays behind."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from supporttui.cli.entry import run
from supporttui.cli.session import World
from supporttui.desk import report


@pytest.fixture
def opened(monkeypatch, cli):
    """Runs a command line at a terminal; a stand-in for the console keeps what it was given."""
    seen = SimpleNamespace(calls=[])

    def console(desk, settings, zone, *, view="", start="", opening=None, promise=None):
        tickets = desk.store.info()["tickets"]
        seen.calls.append(
            SimpleNamespace(
                actor=desk.actor, settings=settings, zone=zone, url=desk.store.url, tickets=tickets
            )
        )
        return 0

    module = ModuleType("supporttui.console.run")
    module.run = console
    monkeypatch.setitem(sys.modules, "supporttui.console.run", module)

    def small_demo(desk, *, seed=20):
        report.report(desk, report.NewTicket(subject=f"seed {seed}"))

    monkeypatch.setattr("supporttui.demo.build_demo", small_demo)

    def start(*words: str) -> int:
        seen.streams = [Terminal(), Terminal(), Terminal()]
        return run(list(words), World(*seen.streams, cli.environ, cli.clock))

    seen.start = start
    return seen


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_the_console_gets_desk_settings_and_zone(opened, cli):
    number = cli.report()
    assert opened.start("--as", "raj", "--theme", "mono", "--mouse") == 0
    (call,) = opened.calls
    assert (call.actor, call.settings.text("theme"), call.settings.switch("mouse")) == ("raj", "mono", True)
    assert (str(call.zone), call.tickets) == ("UTC", number)
    assert call.url.endswith("desk.sqlite3")


def test_the_demo_is_a_desk_of_its_own_that_leaves_nothing(opened, cli):
    cli.report()
    cli.report()
    assert opened.start("--demo", "--seed", "7") == 0
    (call,) = opened.calls
    assert call.tickets == 1
    assert call.url != cli.environ["SUPPORTTUI_STORE"]
    assert not Path(call.url).parent.exists()


def test_the_demo_takes_no_store(opened):
    assert opened.start("--demo", "--store", "x") == 64
    assert "store of its own" in opened.streams[2].getvalue()
    assert opened.calls == []


def test_a_broken_policy_is_one_line_before_the_screen_is_taken(opened):
    assert opened.start("--policy", "netx") == 78
    assert "did you mean 'netex'?" in opened.streams[2].getvalue()
    assert opened.calls == []


def test_a_terminal_that_cannot_show_it_is_told_so(opened, cli):
    cli.environ["TERM"] = "dumb"
    assert opened.start() == 64
    assert "TERM=dumb" in opened.streams[2].getvalue()


def test_the_wall_is_the_consoles(cli):
    assert "--wall opens the console" in cli.bad(64, "--wall", "list")
