"""`--scenario`, `tour` and `--demo`: which desk is opened, how it begins, and what is said about slips."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from supporttui.cli.entry import run
from supporttui.cli.session import World
from supporttui.demo.scenarios.table import SCENARIOS, find
from supporttui.desk import look, report
from tests.unit.cli.conftest import Stream


@pytest.fixture
def opened(monkeypatch, cli):
    """Runs a command line at a terminal; a stand-in for the console keeps what it was given."""
    seen = SimpleNamespace(calls=[], err="")

    def console(desk, settings, zone, *, view="", start="", opening=None, promise=None):
        tickets = desk.store.info()["tickets"]
        first = look.ticket(desk, 1).ticket.subject if tickets else ""
        url, now = desk.store.url, desk.now()
        seen.calls.append(
            SimpleNamespace(
                actor=desk.actor,
                zone=str(zone),
                url=url,
                now=now,
                opening=opening,
                tickets=tickets,
                first=first,
            )
        )
        return 0

    module = ModuleType("supporttui.console.run")
    module.run = console
    monkeypatch.setitem(sys.modules, "supporttui.console.run", module)
    monkeypatch.setattr(
        "supporttui.demo.build_demo", lambda desk: report.report(desk, report.NewTicket(subject="sample"))
    )

    def start(*words: str, terminal: bool = True) -> int:
        streams = [Stream(terminal=terminal) for _ in range(3)]
        code = run(list(words), World(*streams, cli.environ, cli.clock))
        seen.out, seen.err = streams[1].getvalue(), streams[2].getvalue()
        return code

    seen.start = start
    return seen


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_a_scenario_is_set_up_at_its_instant_and_leaves_nothing(opened, scenario, cli):
    del cli.environ["SUPPORTTUI_ZONE"]
    assert opened.start("--scenario", scenario.name) == 0, opened.err
    (call,) = opened.calls
    assert call.opening.scenario is scenario and call.opening.speed == 0
    assert 0 <= (call.now - scenario.start).total_seconds() < 60
    assert (call.actor, call.zone) == ("ana", "America/Chicago")
    assert not Path(call.url).parent.exists()


def test_a_scenario_can_be_played_at_a_speed(opened):
    assert opened.start("--scenario", "night-sev1", "--play", "--speed", "2.5") == 0
    assert opened.calls[0].opening.speed == 2.5
    assert opened.start("--scenario=night-sev1", "--play") == 0
    assert opened.calls[1].opening.speed == 1


def test_the_list_needs_no_terminal(opened):
    assert opened.start("--scenario", "list", terminal=False) == 0
    for scenario in SCENARIOS:
        assert scenario.name in opened.out and scenario.story in opened.out
    assert opened.calls == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scenario", "night-sev2"], "no scenario 'night-sev2'; did you mean 'night-sev1'?"),
        (["--scenario", "zzz"], "no scenario 'zzz'; supporttui --scenario list shows all"),
        (["--scenario"], "--scenario: a value is missing"),
        (["--play"], "--play belongs to --scenario"),
        (["--speed", "2"], "--speed belongs to --scenario"),
        (["--scenario", "night-sev1", "--speed", "2"], "--speed belongs to --play"),
        (
            ["--scenario", "night-sev1", "--play", "--speed", "0"],
            "--speed: '0' is not a number from 0.1 to 100",
        ),
        (["--scenario", "night-sev1", "--play", "--speed", "nan"], "--speed: 'nan' is not a number"),
        (["--scenario", "night-sev1", "--store", "x"], "brings its own desk; leave --store out"),
        (["--scenario", "night-sev1", "--demo"], "brings its own desk; leave --demo out"),
        (["--scenario", "night-sev1", "--as", "raj"], "brings its own desk; leave --as out"),
        (["--scenario", "night-sev1", "list"], "--scenario opens the console; it can't be used with list"),
        (["tour", "--store", "x"], "the tour has a store of its own; leave --store out"),
    ],
)
def test_slips_are_one_clear_line(opened, words, said):
    assert opened.start(*words) == 64
    assert said in opened.err and opened.err.count("\n") == 1
    assert opened.calls == []


def test_the_tour_begins_on_the_sample_desk(opened, cli):
    assert opened.start("tour") == 0
    (call,) = opened.calls
    assert call.opening.tour and call.first == "sample"
    assert call.url != cli.environ["SUPPORTTUI_STORE"]
    assert not Path(call.url).parent.exists()


def test_the_tour_needs_a_terminal(opened):
    assert opened.start("tour", terminal=False) == 64
    assert "needs a terminal" in opened.err


def test_the_sample_desk_may_begin_a_tour_later_and_a_real_one_may_not(opened, cli):
    cli.report()
    assert opened.start("--demo") == 0
    assert opened.start() == 0
    demo, real = opened.calls
    assert demo.opening is not None and not demo.opening.tour
    assert real.opening is None


def test_every_scenario_is_found_by_its_name():
    assert [find(scenario.name) for scenario in SCENARIOS] == list(SCENARIOS)
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) >= 12
