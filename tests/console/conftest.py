"""A console for scenarios: `desk` at both sizes that the house supports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from supporttui.console.performer import Performer
from supporttui.verbs.registry import Verb
from tests.console.driver import Console, at_console, sev1, ticket

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}

# What depends on how many panes there are runs at both sizes always, the rest at the larger one with -m slow.
BOTH = ("test_console_identity", "test_console_looks", "test_console_presence")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "[120x40" in item.name and not item.path.stem.startswith(BOTH):
            item.add_marker(pytest.mark.slow)


# Ids of verbs that ran in this session: not those that only said why they can't.
PERFORMED: set[str] = set()


@pytest.fixture(autouse=True)
def _note_verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb that any test here really runs is noted for the test that wants to have seen all of them."""
    perform = Performer.perform

    def noting(self: Performer, verb: Verb, argument: str | None = None) -> None:
        if not verb.why_disabled(self._app.triage.situation()):
            PERFORMED.add(verb.id)
        perform(self, verb, argument)

    monkeypatch.setattr(Performer, "perform", noting)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


@pytest_asyncio.fixture
async def desk(tmp_path: Path, size: tuple[int, int]) -> AsyncIterator[Console]:
    """Four tickets: 1 to 4, of which 4 is a Severity 1 that nobody has."""
    tickets = (
        ticket("wrong byte count in the log", severity=4),
        ticket("transfers restart several times", severity=2, customer="Initech"),
        ticket("HyperIP tunnel drops", owner="raj", customer="Globex"),
        sev1("NETEX crashes z/OS when starting", contact="J. Ortiz"),
    )
    async with at_console(tmp_path, tickets, size=size) as console:
        yield console
