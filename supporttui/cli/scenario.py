"""`--scenario NAME`: a throw-away desk at an instant of a story, handed over or played; `--scenario list` names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

if TYPE_CHECKING:
    from supporttui.demo.opening import Opening
    from supporttui.demo.scenarios.script import Scenario

    from .session import Session, World

OPTIONS = ("scenario", "play", "speed")
SLOWEST, FASTEST = 0.1, 100.0
LIST = "list"


def names() -> tuple[str, ...]:
    """What `--scenario` takes."""
    from supporttui.demo.scenarios.table import SCENARIOS

    return (LIST, *(scenario.name for scenario in SCENARIOS))


def chosen(flags: dict[str, Any]) -> Opening | None:
    """Take the options of scenarios out of the flags; None without any.

    Errors: UsageError for an unknown name, an odd speed, or an option that belongs to another.
    """
    name, play, speed = (flags.pop(option, None) for option in OPTIONS)
    if name is None:
        if play or speed is not None:
            raise UsageError(f"{'--play' if play else '--speed'} belongs to --scenario")
        return None
    if speed is not None and not play:
        raise UsageError("--speed belongs to --play")
    for option in ("demo", "seed", "store", "policy", "actor"):
        if option in flags:
            flag = "as" if option == "actor" else option
            raise UsageError(f"a scenario brings its own desk; leave --{flag} out")
    from supporttui.demo.opening import Opening
    from supporttui.demo.scenarios.clock import RunningClock
    from supporttui.demo.scenarios.table import find

    scenario = find(name)
    clock = RunningClock(scenario.start)
    return Opening(scenario=scenario, clock=clock, speed=_speed(speed) if play else 0.0)


def _speed(given: str | None) -> float:
    try:
        speed = float(given or 1)
    except ValueError:
        speed = 0.0
    if not SLOWEST <= speed <= FASTEST:
        raise UsageError(f"--speed: {given!r} is not a number from {SLOWEST:g} to {FASTEST:g}")
    return speed


def print_list(world: World) -> int:
    """Every scenario with its story."""
    from supporttui.demo.scenarios.table import SCENARIOS

    widest = max(len(scenario.name) for scenario in SCENARIOS)
    for scenario in SCENARIOS:
        world.stdout.write(f"{scenario.name:<{widest}}  {scenario.story}\n")
    return 0


def open_scenario(session: Session, opening: Opening) -> int:
    """A desk of its own in a temporary folder, as the scenario wants it, by the scenario's clock."""
    from tempfile import TemporaryDirectory

    from supporttui.demo.scenarios.script import ANALYST

    assert opening.scenario is not None
    assert opening.clock is not None
    with TemporaryDirectory(prefix="supporttui-scenario-") as folder:
        session.use_store(f"{folder}/desk.sqlite3")
        try:
            return _run(session, opening, opening.scenario, ANALYST)
        finally:
            session.close()


def _run(session: Session, opening: Opening, scenario: Scenario, actor: str) -> int:
    from supporttui.console.run import run
    from supporttui.demo.scenarios.table import set_up
    from supporttui.desk.session import Desk
    from supporttui.when import zone_of

    desk = Desk(session.store, "netex", opening.clock or session.world.clock, actor)
    set_up(scenario, desk)
    zone = session.zone if session.settings.origin("zone") != "default" else zone_of(desk.policy.vendor.zone)
    return run(desk, session.settings, zone, opening=opening) or 0
